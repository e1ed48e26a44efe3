"""Notifying people, and what they have read.

Nobody is notified of what they did themselves. Who leaves a project no longer sees what they were
told about it.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import NotFoundError
from app.core.models import now
from app.core.pages import page_of, part_of
from app.core.text import Identifier
from app.notifications.models import Notification, Reason
from app.notifications.schemas import NotificationPage, NotificationQuery, NotificationView
from app.projects.models import Member, Project
from app.tasks.keys import task_key
from app.tasks.models import Task
from app.users.accounts import Account
from app.users.models import User

_IS_UNREAD = Notification.read_at.is_(None)
_actor = User.__table__.alias("actor")


async def notify_of_assignment(
    session: AsyncSession, user_id: int, *, actor_id: int, task_id: int
) -> None:
    """Tell somebody that a task is theirs."""
    await _notify(session, [user_id], Reason.ASSIGNED, actor_id=actor_id, task_id=task_id)


async def notify_of_mentions(
    session: AsyncSession, user_ids: Iterable[int], *, actor_id: int, task_id: int, comment_id: int
) -> None:
    """Tell people that a comment mentions them."""
    await _notify(
        session,
        user_ids,
        Reason.MENTIONED,
        actor_id=actor_id,
        task_id=task_id,
        comment_id=comment_id,
    )


async def told_of_comment(session: AsyncSession, comment_id: int) -> set[int]:
    """Find who was notified of a comment."""
    query = select(Notification.user_id).where(Notification.comment_id == comment_id)
    return set(await session.scalars(query))


async def list_notifications(
    session: AsyncSession, user: Account, wanted: NotificationQuery
) -> NotificationPage:
    """List what somebody was notified of, the newest first, and count what they have not read."""
    query = _visible_to(user)
    unread = query.where(_IS_UNREAD).with_only_columns(func.count())
    if wanted.read is not None:
        query = query.where(~_IS_UNREAD if wanted.read else _IS_UNREAD)
    query = part_of(query, wanted, (Notification.id, Identifier), down=True)
    rows = (await session.execute(query)).all()
    page = page_of(rows, wanted.limit, _view, lambda row: [row.Notification.id])
    return NotificationPage(**dict(page), unread=await session.scalar(unread) or 0)


async def mark(
    session: AsyncSession, user: Account, number: int, *, read: bool
) -> NotificationView:
    """Say that a notification has been read, or that it has not.

    Raises:
        NotFoundError: There is no such notification, or it is somebody else's.
    """
    query = _visible_to(user).where(Notification.id == number)
    # Locked: it may be going away at this moment, with its comment or its task.
    query = query.with_for_update(of=Notification)
    if (row := (await session.execute(query)).one_or_none()) is None:
        raise NotFoundError("There is no notification with this number.", code="no_notification")
    if read != (row.Notification.read_at is not None):
        row.Notification.read_at = now() if read else None
    await session.flush()
    return _view(row)


async def mark_all(session: AsyncSession, user: Account, numbers: Iterable[int]) -> int:
    """Say that notifications have been read; return how many of them were not before.

    Only those that somebody has seen, one by one. Numbers are given out before the commit, so what
    they have not seen may have a smaller one than what they have.
    """
    # Not those of projects that they have left: they do not see these, and may come back.
    unread = (
        _visible_to(user)
        .where(Notification.id.in_(numbers), _IS_UNREAD)
        .with_only_columns(Notification.id)
        # In order, so that two requests cannot wait for each other.
        .order_by(Notification.id)
        .with_for_update(of=Notification)
    )
    marked = await session.scalars(
        update(Notification)
        .where(Notification.id.in_(unread))
        .values(read_at=now())
        .returning(Notification.id)
    )
    return len(marked.all())


async def _notify(
    session: AsyncSession,
    user_ids: Iterable[int],
    reason: Reason,
    *,
    actor_id: int,
    task_id: int,
    comment_id: int | None = None,
) -> None:
    told = [
        {
            "user_id": user_id,
            "reason": reason,
            "actor_id": actor_id,
            "task_id": task_id,
            "comment_id": comment_id,
            "created_at": now(),
        }
        for user_id in user_ids
        if user_id != actor_id
    ]
    if told:
        # One statement for all of them. Objects with numbers of their own would take one each.
        await session.execute(insert(Notification), told)


def _visible_to(user: Account) -> Select[Any]:
    return (
        select(
            Notification,
            _actor.c.username.label("actor"),
            Project.key,
            Task.number,
            Task.title,
        )
        .join(_actor, _actor.c.id == Notification.actor_id)
        .join(Task, Task.id == Notification.task_id)
        .join(Project, Project.id == Task.project_id)
        .join(Member, (Member.project_id == Project.id) & (Member.user_id == Notification.user_id))
        .where(Notification.user_id == user.id, Project.removed_at.is_(None))
    )


def _view(row: Any) -> NotificationView:
    notification, actor, key, number, title = row
    return NotificationView(
        id=notification.id,
        reason=Reason(notification.reason),
        actor=actor,
        task=task_key(key, number),
        title=title,
        comment=notification.comment_id,
        created_at=notification.created_at,
        read=notification.read_at is not None,
    )
