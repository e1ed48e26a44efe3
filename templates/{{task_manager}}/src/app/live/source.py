"""The history of projects, as the hub tells it."""

from fastapi.sse import format_sse_event
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.activity.queries import entries_after
from app.live.channels import Event, Source
from app.projects.models import Project

# After these, somebody who listens may be no member any more.
_ABOUT_ACCESS = ("member.", "project.removed")


async def _newest(session: AsyncSession, project: int) -> int:
    found = await session.scalar(select(Project.last_activity).where(Project.id == project))
    return found or 0


async def _read(session: AsyncSession, project: int, after: int, limit: int) -> list[Event]:
    return [
        Event(
            entry.id,
            format_sse_event(id=str(entry.id), event=entry.kind, data_str=entry.model_dump_json()),
            is_about_access=entry.kind.startswith(_ABOUT_ACCESS),
        )
        for entry in await entries_after(session, project, after, limit)
    ]


HISTORY = Source(newest=_newest, read=_read)
