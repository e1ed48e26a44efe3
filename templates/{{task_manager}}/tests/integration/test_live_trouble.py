"""What listeners notice of a database that fails, and of events that cannot be read: little."""

import asyncio
import gc
import logging
from collections.abc import Sequence

import pytest
from feeds import (
    end_listening_connections,
    happen,
    heard,
    hub_on,
    ids,
    newest,
    read,
)
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.live import asking
from app.live.asking import StoppedError
from app.live.channels import Event, Source


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that does not answer is asked again at once."""
    monkeypatch.setattr(asking, "LONGEST_PAUSE", 0.001)


@pytest.mark.usefixtures("impatient")
async def test_listeners_hear_again_after_the_connection_was_lost(feed: Database) -> None:
    if feed.engine.dialect.name != "postgresql":
        return
    async with hub_on(feed) as hub, hub.listening(1, None) as listener:
        await happen(feed)
        assert ids(await heard(listener, 1)) == [1]
        for last in range(2, 6):
            await end_listening_connections(feed)
            await happen(feed)
            assert ids(await heard(listener, last)) == [last]


@pytest.mark.usefixtures("impatient")
async def test_listeners_stay_while_the_database_does_not_answer(
    feed: Database, caplog: pytest.LogCaptureFixture
) -> None:
    failures = iter([ConnectionRefusedError("no"), TimeoutError("later"), OSError("not yet")])

    async def read_at_last(*question: object) -> Sequence[Event]:
        for failure in failures:
            raise failure
        return await read(*question)  # type: ignore[arg-type]

    caplog.set_level(logging.INFO, logger="app.live")
    source = Source(newest, read_at_last)
    async with hub_on(feed, source) as hub, hub.listening(1, None) as listener:
        await happen(feed)
        assert ids(await heard(listener, 1)) == [1]
    assert [record.getMessage() for record in caplog.records] == [
        "the database does not answer",
        "the database answers again",
    ]


async def test_where_events_cannot_be_read_listeners_are_let_go_and_can_come_back(
    feed: Database, caplog: pytest.LogCaptureFixture
) -> None:
    broken = True

    async def read_one(
        session: AsyncSession, project: int, after: int, limit: int
    ) -> Sequence[Event]:
        if broken and project == 1:
            raise LookupError("a mistake")
        return await read(session, project, after, limit)

    async with hub_on(feed, Source(newest, read_one)) as hub, hub.listening(2, None) as other:
        async with hub.listening(1, None) as listener:
            await happen(feed)
            with pytest.raises(StoppedError):
                await heard(listener, 1)
        broken = False
        async with hub.listening(1, 0) as listener:
            assert ids(await heard(listener, 1)) == [1]
        await happen(feed, project=2)
        assert ids(await heard(other, 1)) == [1]
    assert {record.getMessage() for record in caplog.records} == {"events cannot be read"}
    assert "a mistake" in caplog.text


async def test_a_gap_is_logged_and_does_not_end_the_news(
    feed: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async def read_others(
        session: AsyncSession, project: int, after: int, limit: int
    ) -> Sequence[Event]:
        events = await read(session, project, after, limit)
        return [event for event in events if event.seq != 2]

    async with (
        hub_on(feed, Source(newest, read_others)) as hub,
        hub.listening(1, None) as quick,
        hub.listening(1, None) as slow,
    ):
        await happen(feed)
        assert ids(await heard(quick, 1)) == [1]
        await happen(feed, times=2)
        assert ids(await heard(quick, 3)) == [3]
        assert ids(await heard(slow, 3)) == [1, 3]
    (record,) = caplog.records
    assert (record.levelname, record.getMessage()) == ("ERROR", "events are missing")


async def test_a_hub_that_is_stopped_while_it_connects_forgets_no_connection(
    feed: Database,
) -> None:
    for turn in range(40):
        await feed.dispose()
        async with hub_on(feed):
            await asyncio.sleep(turn / 10_000)
    # What was forgotten is found now, and told as a warning.
    gc.collect()
