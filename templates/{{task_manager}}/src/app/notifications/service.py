"""Notifying people, and what they have read.

Nobody is notified of what they did themselves. Who leaves a project no longer sees what they were
told about it.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.comments.models import Comment
from app.core.errors import NotFoundError
from app.core.models import now
from app.core.pages import Page, page_of, part_of
from app.core.text import Identifier
from app.notifications.models import Notification, Reason
from app.notifications.schemas import NotificationQuery, NotificationView
from app.projects.models import Member, Project
from app.tasks.access import TaskAccess
from app.tasks.keys import task_key
from app.tasks.models import Task
from app.users.accounts import Account
from app.users.models import User

_actor = User.__table__.alias("actor")


async def notify_of_assignment(session: AsyncSession, found: TaskAccess, assignee: User) -> None:
    """Tell somebody that a task is theirs."""
    await _notify(session, found, [assignee.id], Reason.ASSIGNED)


async def notify_of_mentions(
    session: AsyncSession, found: TaskAccess, comment: Comment, user_ids: Iterable[int]
) -> None:
    """Tell people that a comment mentions them."""
    await _notify(session, found, user_ids, Reason.MENTIONED, comment.id)


async def list_notifications(
    session: AsyncSession, user: Account, wanted: NotificationQuery
) -> Page[NotificationView]:
    """List what somebody was notified of, the newest first."""
    query = _visible_to(user)
    if wanted.read is not None:
        is_read = Notification.read_at.is_not(None)
        query = query.where(is_read if wanted.read else ~is_read)
    query = part_of(query, wanted, (Notification.id, Identifier), down=True)
    rows = (await session.execute(query)).all()
    return page_of(rows, wanted.limit, _view, lambda row: [row.Notification.id])


async def mark(
    session: AsyncSession, user: Account, number: int, *, read: bool
) -> NotificationView:
    """Say that a notification has been read, or that it has not.

    Raises:
        NotFoundError: There is no such notification, or it is somebody else's.
    """
    query = _visible_to(user).where(Notification.id == number)
    if (row := (await session.execute(query)).one_or_none()) is None:
        raise NotFoundError("There is no notification with this number.", code="no_notification")
    if read != (row.Notification.read_at is not None):
        row.Notification.read_at = now() if read else None
    await session.flush()
    return _view(row)


async def mark_until(session: AsyncSession, user: Account, until: int) -> int:
    """Say that everything up to a notification has been read; return how many were not before."""
    # Not those of projects that they have left: they do not see these, and may come back.
    unread = (
        _visible_to(user)
        .where(Notification.id <= until, Notification.read_at.is_(None))
        .with_only_columns(Notification.id)
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
    found: TaskAccess,
    user_ids: Iterable[int],
    reason: Reason,
    comment_id: int | None = None,
) -> None:
    told = [
        {
            "user_id": user_id,
            "reason": reason,
            "actor_id": found.user.id,
            "task_id": found.task.id,
            "comment_id": comment_id,
            "created_at": now(),
        }
        for user_id in user_ids
        if user_id != found.user.id
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
