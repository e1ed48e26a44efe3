"""All who listen to a project hear of each event once and in order, whatever happens meanwhile."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import AsyncExitStack

import pytest
from feeds import (
    SOURCE,
    Counted,
    forget,
    happen,
    heard,
    hub_on,
    hubs_on,
    ids,
    newest,
    read,
    rendered,
)
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.live import channels
from app.live.channels import Event, Source
from app.live.hub import Hub


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few events are kept at hand, and few are read at once."""
    monkeypatch.setattr(channels, "BUFFER", 4)
    monkeypatch.setattr(channels, "PAGE", 3)


async def test_one_hears_from_now_on(feed: Database) -> None:
    await happen(feed, times=3)
    async with hub_on(feed) as hub, hub.listening(1, None) as listener:
        assert (listener.seq, await listener.take()) == (3, b"")
        await happen(feed, said="four")
        await happen(feed, project=2, said="elsewhere")
        await happen(feed, said="five")
        assert await heard(listener, 5) == rendered(4, "four") + rendered(5, "five")


async def test_one_hears_all_after_what_was_heard_last(feed: Database) -> None:
    await happen(feed, times=3)
    async with hub_on(feed) as hub, hub.listening(1, 1) as listener:
        await happen(feed)
        assert ids(await heard(listener, 4)) == [2, 3, 4]


async def test_who_claims_to_have_heard_more_than_there_is_hears_from_now_on(
    feed: Database,
) -> None:
    await happen(feed, times=3)
    async with hub_on(feed) as hub, hub.listening(1, 2**63 - 1) as listener:
        assert listener.seq == 3
        await happen(feed)
        assert ids(await heard(listener, 4)) == [4]


async def test_what_only_another_process_knows_of_is_not_told_again(feed: Database) -> None:
    hub = Hub(feed, SOURCE)  # It does not run, so it learns of nothing.
    async with hub.listening(1, None) as first:
        await happen(feed, times=2)
        async with hub.listening(1, 2) as second:
            assert (first.seq, second.seq) == (0, 2)


async def test_what_is_rolled_back_is_not_told(feed: Database) -> None:
    async with hub_on(feed) as hub, hub.listening(1, None) as listener:
        with pytest.raises(ZeroDivisionError):
            await happen(feed, said="never", fails=ZeroDivisionError)
        await happen(feed, said="so")
        assert await heard(listener, 1) == rendered(1, "so")


@pytest.mark.usefixtures("small")
async def test_many_write_and_nobody_misses_anything_or_hears_it_twice(
    feed: Database, fresh_url: str
) -> None:
    """Two processes, listeners of which some are slow, and all of which come and go."""
    writers, each, listeners = 8, 15, 12
    total = writers * each
    chance = random.Random(7)
    other = Database(fresh_url)

    async def write() -> None:
        for _ in range(each):
            await happen(chance.choice([feed, other]))

    async def listen(hubs: Sequence[Hub]) -> list[int]:
        got: list[int] = []
        while len(got) < total:
            last = got[-1] if got else 0
            async with chance.choice(hubs).listening(1, last) as listener:
                for _ in range(chance.randrange(1, 9)):
                    if listener.seq == total:
                        break
                    got += ids(await heard(listener, listener.seq + 1))
                    await asyncio.sleep(chance.choice([0, 0, 0.01]))
        return got

    async with hubs_on(feed, other) as hubs, asyncio.TaskGroup() as group:
        tasks = [group.create_task(listen(hubs)) for _ in range(listeners)]
        for _ in range(writers):
            group.create_task(write())
    await other.dispose()
    assert [task.result() for task in tasks] == [list(range(1, total + 1))] * listeners


async def test_however_many_listen_an_event_is_read_once(feed: Database) -> None:
    counted = Counted()
    async with hub_on(feed, counted.source) as hub, AsyncExitStack() as stack:
        listeners = [await stack.enter_async_context(hub.listening(1, None)) for _ in range(50)]
        await happen(feed)
        await asyncio.gather(*[heard(listener, 1) for listener in listeners])
        counted.after.clear()
        await happen(feed)
        got = await asyncio.gather(*[heard(listener, 2) for listener in listeners])
    assert got == [rendered(2)] * 50
    # Twice, where it is told late that something has happened before.
    assert len(counted.after) in {1, 2}


async def test_those_who_come_back_together_share_what_is_read(feed: Database) -> None:
    await happen(feed, times=3)
    counted = Counted()

    async def come_back(hub: Hub) -> bytes:
        async with hub.listening(1, 1) as listener:
            return await heard(listener, 3)

    async with hub_on(feed, counted.source) as hub, hub.listening(1, None):
        got = await asyncio.gather(*[come_back(hub) for _ in range(50)])
    assert got == [rendered(2) + rendered(3)] * 50
    assert counted.after.count(1) == 1


async def test_who_goes_away_takes_nothing_from_those_who_share_it(feed: Database) -> None:
    await happen(feed, times=3)
    asked, answer = asyncio.Event(), asyncio.Event()

    async def read_slowly(
        session: AsyncSession, project: int, after: int, limit: int
    ) -> Sequence[Event]:
        if not after:
            asked.set()
            await answer.wait()
        return await read(session, project, after, limit)

    async def come_back(hub: Hub) -> bytes:
        async with hub.listening(1, 0) as listener:
            return await heard(listener, 3)

    async with hub_on(feed, Source(newest, read_slowly)) as hub:
        first, second = (asyncio.create_task(come_back(hub)) for _ in range(2))
        await asked.wait()
        first.cancel()
        await asyncio.wait([first])
        answer.set()
        assert ids(await second) == [1, 2, 3]


async def test_what_happens_while_events_are_read_is_read_next(feed: Database) -> None:
    left = 3

    async def read_meanwhile(
        session: AsyncSession, project: int, after: int, limit: int
    ) -> Sequence[Event]:
        nonlocal left
        events = await read(session, project, after, limit)
        if left:
            left -= 1
            await happen(feed)
            hub._changed(1)
        return events

    hub = Hub(feed, Source(newest, read_meanwhile))  # It does not run: nobody tells it again.
    async with hub.listening(1, None) as listener:
        assert ids(await heard(listener, 3)) == [1, 2, 3]


@pytest.mark.usefixtures("small")
async def test_who_is_slow_gets_from_the_database_what_is_not_at_hand_any_more(
    feed: Database,
) -> None:
    counted = Counted()
    async with (
        hub_on(feed, counted.source) as hub,
        hub.listening(1, None) as slow,
        hub.listening(1, None) as quick,
    ):
        for last in range(1, 13):
            await happen(feed)
            await heard(quick, last)
        counted.after.clear()
        parts = []
        while sent := await slow.take():
            parts.append(ids(sent))
    # Of twelve, four are at hand.
    assert parts == [[1, 2, 3], [4, 5, 6], [7, 8, 9], [10, 11, 12]]
    assert [after for after in counted.after if after < 9] == [0, 3, 6]


@pytest.mark.usefixtures("small")
async def test_more_than_one_page_at_once_is_told_to_the_end(feed: Database) -> None:
    async with hub_on(feed) as hub, hub.listening(1, None) as listener:
        await happen(feed, times=10)
        assert ids(await heard(listener, 10)) == list(range(1, 11))


@pytest.mark.usefixtures("small")
async def test_events_that_are_gone_are_not_waited_for(feed: Database) -> None:
    counted = Counted()
    async with hub_on(feed, counted.source) as hub, hub.listening(1, None) as listener:
        async with hub.listening(1, None) as quick:
            await happen(feed, times=10)
            await heard(quick, 10)
        await forget(feed)
        assert (await listener.take(), listener.seq) == (b"", 10)
        await happen(feed)
        assert ids(await heard(listener, 11)) == [11]


async def test_nothing_is_kept_of_a_project_to_which_nobody_listens(feed: Database) -> None:
    async with hub_on(feed) as hub:
        async with hub.listening(1, None), hub.listening(2, None):
            async with hub.listening(1, None):
                assert sorted(hub._channels) == [1, 2]
            assert sorted(hub._channels) == [1, 2]
        assert not hub._channels
        assert not hub._anybody.is_set()
