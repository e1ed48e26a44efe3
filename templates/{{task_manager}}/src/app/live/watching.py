"""How a process learns that another one, or itself, has committed something.

Both ways hold a connection for as long as the process runs. It is none of those for requests.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.core.database import create_engine

CHANNEL = "activity"
"""Where the trigger on PostgreSQL says which project has something new."""
POLL_SECONDS = 0.1
HEARTBEAT_SECONDS = 15

Changed = Callable[[int | None], None]
"""Is told which project has something new; `None` where it may be any."""


async def watch(url: str, anybody: asyncio.Event, changed: Changed) -> None:
    """Tell of commits until the connection is lost.

    Args:
        url: The database, as in the setting `DATABASE_URL`.
        anybody: Set while anybody listens.
        changed: What is told.
    """
    # Without transactions: within one, nothing would be heard.
    engine = create_engine(url, pool_size=1, read_only=True)
    try:
        await undisturbed(_connect(engine))
        async with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                await _listen(connection, changed)
            else:
                await _poll(connection, anybody, changed)
    finally:
        await engine.dispose()


async def undisturbed(connecting: Coroutine[Any, Any, object]) -> None:
    """Connect, and put off being cancelled until that is done.

    Drivers forget a connection of which only they know yet, and nobody would close it.
    """
    task = asyncio.create_task(connecting)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


async def _connect(engine: AsyncEngine) -> None:
    """Leave a connection in the pool."""
    async with engine.connect():
        pass


async def _listen(connection: AsyncConnection, changed: Changed) -> None:
    """PostgreSQL says so by itself, once the commit is visible."""
    driver: Any = (await connection.get_raw_connection()).driver_connection
    lost = asyncio.Event()
    driver.add_termination_listener(lambda _: lost.set())
    await driver.add_listener(CHANNEL, lambda *message: changed(int(message[-1])))
    while True:
        # At first for what nobody heard of before; later because one never knows.
        changed(None)
        with suppress(TimeoutError):
            async with asyncio.timeout(HEARTBEAT_SECONDS):
                await lost.wait()
        # Fails where the connection is lost, be it that nobody has said so.
        await connection.exec_driver_sql("SELECT 1")


async def _poll(connection: AsyncConnection, anybody: asyncio.Event, changed: Changed) -> None:
    """SQLite has a number that differs once another connection has committed.

    https://www.sqlite.org/pragma.html#pragma_data_version
    """
    seen = None
    while True:
        await anybody.wait()
        version = (await connection.exec_driver_sql("PRAGMA data_version")).scalar_one()
        if version != seen:
            seen = version
            changed(None)
        await asyncio.sleep(POLL_SECONDS)
