"""A feed of activity for tests of `app.live`, with the shape that the hub asks for.

The tables are the test's own, in a database without others; `prepare` and `happen` are all that
knows of them.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from fastapi.sse import format_sse_event
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.live.channels import Event, Source
from app.live.hub import Hub, Listener

_TABLES = (
    "CREATE TABLE projects (id INTEGER PRIMARY KEY, seq INTEGER NOT NULL)",
    """
    CREATE TABLE activity (
        project_id INTEGER NOT NULL REFERENCES projects (id),
        seq INTEGER NOT NULL,
        said VARCHAR(100) NOT NULL,
        PRIMARY KEY (project_id, seq)
    )
    """,
)
_TRIGGER = (
    """
    CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_notify('activity', NEW.project_id::text);
        RETURN NULL;
    END $$
    """,
    "CREATE TRIGGER tell AFTER INSERT ON activity FOR EACH ROW EXECUTE FUNCTION tell()",
)


async def prepare(database: Database, *, projects: int = 2) -> None:
    """Make the tables, and projects with the numbers 1, 2, ... in which nothing has happened."""
    postgresql = database.engine.dialect.name == "postgresql"
    async with database.session() as session:
        for statement in (*_TABLES, *(_TRIGGER if postgresql else ())):
            await session.execute(text(statement))
        for number in range(1, projects + 1):
            await session.execute(text("INSERT INTO projects VALUES (:id, 0)"), {"id": number})
        await session.commit()


@asynccontextmanager
async def feed_at(url: str, *, pool_size: int = 10) -> AsyncIterator[Database]:
    """An empty database with the tables in it."""
    database = Database(url, pool_size=pool_size)
    await prepare(database)
    try:
        yield database
    finally:
        await database.dispose()


async def end_listening_connections(database: Database) -> None:
    """End the connections that listen to PostgreSQL, as a server does that is restarted."""
    async with database.session() as session:
        await session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
            )
        )


async def happen(
    database: Database,
    project: int = 1,
    *,
    times: int = 1,
    said: str = "",
    fails: type[Exception] | None = None,
) -> None:
    """Let something happen in a project, some times in one transaction, which may fail."""
    async with database.session() as session:
        for _ in range(times):
            seq = await session.scalar(
                text("UPDATE projects SET seq = seq + 1 WHERE id = :id RETURNING seq"),
                {"id": project},
            )
            await session.execute(
                text("INSERT INTO activity VALUES (:project, :seq, :said)"),
                {"project": project, "seq": seq, "said": said},
            )
        if fails:
            raise fails
        await session.commit()


async def forget(database: Database) -> None:
    """Delete all that has happened."""
    async with database.session() as session:
        await session.execute(text("DELETE FROM activity"))
        await session.commit()


async def newest(session: AsyncSession, project: int) -> int:
    """The number of what happened last."""
    found = await session.scalar(
        text("SELECT max(seq) FROM activity WHERE project_id = :project"), {"project": project}
    )
    return found or 0


async def read(session: AsyncSession, project: int, after: int, limit: int) -> Sequence[Event]:
    """What happened after something, as it is sent."""
    rows = await session.execute(
        text(
            "SELECT seq, said FROM activity WHERE project_id = :project AND seq > :after"
            " ORDER BY seq LIMIT :limit"
        ),
        {"project": project, "after": after, "limit": limit},
    )
    return [Event(row.seq, rendered(row.seq, row.said)) for row in rows]


def rendered(seq: int, said: str = "") -> bytes:
    """An event as it is sent."""
    return format_sse_event(id=str(seq), event="said", data_str=json.dumps(said))


SOURCE = Source(newest=newest, read=read)


@dataclass
class Counted:
    """The same, and how often it was read."""

    after: list[int] = field(default_factory=list)
    rows: int = 0

    @property
    def source(self) -> Source:
        """What a hub takes."""

        async def counted(
            session: AsyncSession, project: int, after: int, limit: int
        ) -> Sequence[Event]:
            self.after.append(after)
            events = await read(session, project, after, limit)
            self.rows += len(events)
            return events

        return Source(newest=newest, read=counted)


@asynccontextmanager
async def hubs_on(*databases: Database, source: Source = SOURCE) -> AsyncIterator[list[Hub]]:
    """Hubs that run, each as in a process of its own. In the end they have left no task."""
    before = asyncio.all_tasks()
    hubs = [Hub(database, source) for database in databases]
    async with AsyncExitStack() as stack:
        for hub in hubs:
            await stack.enter_async_context(hub.running())
        yield hubs
    assert asyncio.all_tasks() <= before


@asynccontextmanager
async def hub_on(database: Database, source: Source = SOURCE) -> AsyncIterator[Hub]:
    """A hub that runs."""
    async with hubs_on(database, source=source) as (hub,):
        yield hub


def ids(sent: bytes) -> list[int]:
    """The ids of what was sent, in that order."""
    return [int(number) for number in re.findall(rb"^id: (\d+)$", sent, re.MULTILINE)]


async def heard(listener: Listener, last: int) -> bytes:
    """Listen up to an event, and return what was sent."""
    sent = b""
    while listener.seq < last:
        await listener.wait(asyncio.get_running_loop().time() + 60)
        sent += await listener.take()
    return sent
