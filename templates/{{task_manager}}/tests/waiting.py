"""Waiting until a request waits: races whose order a test decides."""

import anyio
from sqlalchemy import text

from app.core.database import Database


async def until_somebody_waits(database: Database) -> None:
    """Wait until a request waits for a row that another transaction holds.

    On SQLite a request that writes waits before it reads anything: there is nothing to wait for.
    """
    if database.engine.dialect.name != "postgresql":
        return
    query = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with anyio.fail_after(10):
        while True:
            async with database.session(read_only=True) as session:
                if await session.scalar(query):
                    return
            await anyio.sleep(0.01)
