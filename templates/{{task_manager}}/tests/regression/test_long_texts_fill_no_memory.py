"""Followers that read nothing filled the memory, megabytes each.

An entry of the history has a long description twice, as it was and as it is. Hundreds of those were
joined to one answer for each follower, and hundreds kept at hand for each project.
"""

from collections.abc import AsyncIterator

import pytest
from feeds import Counted, feed_at, happen, hub_on, ids

from app.core.database import Database
from app.live import channels, hub

LARGE, SMALL = "x" * 90, ""


@pytest.fixture
async def feed(fresh_url: str) -> AsyncIterator[Database]:
    async with feed_at(fresh_url) as database:
        yield database


@pytest.fixture(autouse=True)
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    """An event is large that has a hundred bytes."""
    monkeypatch.setattr(hub, "CHUNK_BYTES", 100)
    monkeypatch.setattr(channels, "BUFFER_BYTES", 300)
    monkeypatch.setattr(channels, "PAGE", 8)


async def test_a_follower_takes_no_more_at_once_than_can_be_sent(feed: Database) -> None:
    await happen(feed, times=10, said=LARGE)
    async with hub_on(feed) as telling, telling.listening(1, 0) as listener:
        taken = [await listener.take() for _ in range(10)]
        assert [ids(each) for each in taken] == [[number] for number in range(1, 11)]
        assert await listener.take() == b""


async def test_small_events_are_taken_together(feed: Database) -> None:
    await happen(feed, times=5)
    async with hub_on(feed) as telling, telling.listening(1, 0) as listener:
        taken = [ids(await listener.take()) for _ in range(3)]
    assert taken == [[1, 2, 3], [4, 5], []]


async def test_what_is_kept_at_hand_is_limited_by_its_size(feed: Database) -> None:
    async with (
        hub_on(feed) as telling,
        telling.listening(1, None) as slow,
        telling.listening(1, None) as quick,
    ):
        for said in (LARGE, SMALL, LARGE, LARGE, SMALL, "x" * 100, SMALL):
            await happen(feed, said=said)
            while not await quick.take():
                await quick.wait(float("inf"))
            kept = [len(event.data) for event in quick._channel._newest]
            assert sum(kept) == quick._channel._newest_bytes <= 300
        # And who is behind gets it all the same.
        told = []
        while data := await slow.take():
            told += ids(data)
    assert told == [1, 2, 3, 4, 5, 6, 7]


async def test_large_events_are_not_read_again_and_again(feed: Database) -> None:
    await happen(feed, times=64, said=LARGE)
    counted = Counted()
    async with hub_on(feed, counted.source) as telling, telling.listening(1, 0) as listener:
        told = []
        while data := await listener.take():
            told += ids(data)
    assert told == list(range(1, 65))
    # A page in vain, and from then on two for one at the most.
    assert counted.rows <= 8 + 2 * 64
