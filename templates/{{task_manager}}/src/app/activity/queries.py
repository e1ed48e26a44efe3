"""Reading the history."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.activity.models import Activity
from app.activity.schemas import ActivityPage, ActivityQuery, ActivityView, Order
from app.projects.access import enter
from app.projects.models import Project
from app.tasks.keys import task_key
from app.tasks.queries import enter_by_task
from app.users.accounts import Account
from app.users.models import User

_activity, _user, _project = Activity.__table__.c, User.__table__.c, Project.__table__.c

_ENTRIES: Select[Any] = (
    select(
        _activity.seq,
        _activity.at,
        _user.username,
        _activity.kind,
        _project.key,
        _activity.task_number,
        _activity.subject,
        _activity.changes,
    )
    .join(User.__table__, _user.id == _activity.actor_id)
    .join(Project.__table__, _project.id == _activity.project_id)
)


async def list_of_project(
    session: AsyncSession, user: Account, key: str, wanted: ActivityQuery
) -> ActivityPage:
    """Read a part of a project's history.

    Raises:
        NotFoundError: There is no such project.
    """
    access = await enter(session, user, key)
    return await _list(session, _of(access.project.id), wanted)


async def list_of_task(
    session: AsyncSession, user: Account, key: str, wanted: ActivityQuery
) -> ActivityPage:
    """Read a part of a task's history, also of one that was removed.

    Raises:
        NotFoundError: There is no such project, or it never had such a task.
    """
    access, number = await enter_by_task(session, user, key)
    query = _of(access.project.id).where(_activity.task_number == number)
    return await _list(session, query, wanted)


async def _list(session: AsyncSession, query: Select[Any], wanted: ActivityQuery) -> ActivityPage:
    newest_first = wanted.order is Order.NEWEST
    if wanted.after is not None:
        query = query.where(
            _activity.seq < wanted.after if newest_first else _activity.seq > wanted.after
        )
    query = query.order_by(_activity.seq.desc() if newest_first else _activity.seq)
    # One more than wanted tells whether there is a next part.
    rows = (await session.execute(query.limit(wanted.limit + 1))).all()
    items = [_view(row) for row in rows[: wanted.limit]]
    return ActivityPage(items=items, next=items[-1].id if len(rows) > wanted.limit else None)


async def entries_after(
    session: AsyncSession, project_id: int, seq: int, limit: int
) -> list[ActivityView]:
    """Read what comes after an entry of a project's history, in order."""
    query = _of(project_id).where(_activity.seq > seq).order_by(_activity.seq).limit(limit)
    return [_view(row) for row in await session.execute(query)]


def _of(project_id: int) -> Select[Any]:
    return _ENTRIES.where(_activity.project_id == project_id)


def _view(row: Sequence[Any]) -> ActivityView:
    seq, at, actor, kind, key, task_number, subject, changes = row
    return ActivityView(
        id=seq,
        at=at,
        actor=actor,
        kind=kind,
        task=None if task_number is None else task_key(key, task_number),
        subject=subject,
        changes=changes,
    )
