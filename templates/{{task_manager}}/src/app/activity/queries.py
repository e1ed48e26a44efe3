"""Reading the history."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.activity.models import Activity
from app.activity.schemas import ActivityPage, ActivityQuery, ActivityView, Order
from app.projects.models import Project
from app.tasks.keys import task_key
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


async def list_activity(
    session: AsyncSession, project: Project, wanted: ActivityQuery, *, task: int | None = None
) -> ActivityPage:
    """Read a part of a project's history, or of the history of one of its tasks."""
    query = _ENTRIES.where(_activity.project_id == project.id)
    if task is not None:
        query = query.where(_activity.task_number == task)
    newest_first = wanted.order is Order.NEWEST
    if wanted.after is not None:
        query = query.where(
            _activity.seq < wanted.after if newest_first else _activity.seq > wanted.after
        )
    query = query.order_by(_activity.seq.desc() if newest_first else _activity.seq)
    # One more than wanted tells whether there is a next part.
    rows = (await session.execute(query.limit(wanted.limit + 1))).all()
    items = [view_of(row) for row in rows[: wanted.limit]]
    return ActivityPage(items=items, next=items[-1].id if len(rows) > wanted.limit else None)


async def entries_after(
    session: AsyncSession, project_id: int, seq: int, limit: int
) -> list[ActivityView]:
    """Read what comes after an entry of a project's history, in order."""
    query = (
        _ENTRIES.where(_activity.project_id == project_id, _activity.seq > seq)
        .order_by(_activity.seq)
        .limit(limit)
    )
    return [view_of(row) for row in await session.execute(query)]


def view_of(row: Sequence[Any]) -> ActivityView:
    """What is shown of an entry."""
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
