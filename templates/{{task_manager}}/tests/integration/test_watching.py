"""A process learns of what others commit."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from feeds import end_listening_connections, happen
from sqlalchemy.exc import DBAPIError

from app.core.database import Database
from app.live import watching


class Watched:
    """What a watcher tells, which runs while the block does."""

    def __init__(self) -> None:
        self.anybody = asyncio.Event()
        self.anybody.set()
        self.told: asyncio.Queue[int | None] = asyncio.Queue()
        self.task: asyncio.Task[None]

    @asynccontextmanager
    async def running(self, database: Database) -> AsyncIterator[None]:
        watcher = watching.watch(database.url, self.anybody, self.told.put_nowait)
        self.task = asyncio.create_task(watcher)
        try:
            yield
        finally:
            self.task.cancel()
            await asyncio.wait([self.task])


def told_of(database: Database, project: int) -> int | None:
    """SQLite does not say where something has changed."""
    return project if database.engine.dialect.name == "postgresql" else None


async def test_commits_are_told_once_and_at_first_what_nobody_heard_of(
    feed: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "POLL_SECONDS", 0)
    watched = Watched()
    async with watched.running(feed):
        assert await watched.told.get() is None
        for project in (1, 2, 1):
            await happen(feed, project)
            assert await watched.told.get() == told_of(feed, project)
    assert watched.told.empty()


async def test_commits_of_another_process_are_told(feed: Database, fresh_url: str) -> None:
    watched = Watched()
    other = Database(fresh_url)
    async with watched.running(feed):
        assert await watched.told.get() is None
        await happen(other)
        assert await watched.told.get() == told_of(feed, 1)
    await other.dispose()


async def test_a_lost_connection_ends_the_watch_with_an_error(feed: Database) -> None:
    if feed.engine.dialect.name != "postgresql":
        return
    watched = Watched()
    async with watched.running(feed):
        await watched.told.get()
        await end_listening_connections(feed)
        with pytest.raises(DBAPIError) as caught:
            await watched.task
    assert caught.value.connection_invalidated


async def test_now_and_then_it_is_tried_whether_the_connection_is_alive(
    feed: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if feed.engine.dialect.name != "postgresql":
        return
    monkeypatch.setattr(watching, "HEARTBEAT_SECONDS", 0.001)
    watched = Watched()
    async with watched.running(feed):
        assert [await watched.told.get() for _ in range(3)] == [None, None, None]


async def test_sqlite_is_not_asked_while_nobody_listens(feed: Database) -> None:
    if feed.engine.dialect.name != "sqlite":
        return
    watched = Watched()
    watched.anybody.clear()
    async with watched.running(feed):
        await happen(feed)
        watched.anybody.set()
        # Once, and not twice as it would be had it been asked before.
        assert await watched.told.get() is None
        await happen(feed)
        assert await watched.told.get() is None
    assert watched.told.empty()
