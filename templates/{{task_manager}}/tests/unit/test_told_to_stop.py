"""Responses that do not end are told when the process is, and whoever was told before still is."""

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest
from anyio import to_thread

from app.live.lifespan import when_told_to_stop

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@pytest.fixture
def told() -> Iterator[list[int]]:
    """What a server is told, which has set up handlers as servers do."""
    told: list[int] = []
    former = {each: signal.signal(each, lambda number, _: told.append(number)) for each in SIGNALS}
    yield told
    for number, handler in former.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", SIGNALS)
async def test_both_the_server_and_the_responses_are_told(told: list[int], number: int) -> None:
    stopped = asyncio.Event()
    with when_told_to_stop(stopped.set):
        os.kill(os.getpid(), number)
        await stopped.wait()
    assert told == [number]


async def test_handlers_are_put_back(told: list[int]) -> None:
    before = [signal.getsignal(each) for each in SIGNALS]
    with when_told_to_stop(lambda: None):
        assert [signal.getsignal(each) for each in SIGNALS] != before
    assert [signal.getsignal(each) for each in SIGNALS] == before
    assert not told


async def test_a_handler_that_came_later_stays(told: list[int]) -> None:
    with when_told_to_stop(lambda: None):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    assert not told


async def test_where_a_signal_ends_the_process_it_still_does(told: list[int]) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with when_told_to_stop(lambda: None):
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    assert not told


async def test_in_another_thread_than_the_main_one_signals_are_left_alone(told: list[int]) -> None:
    before = [signal.getsignal(each) for each in SIGNALS]

    async def look() -> list[object]:
        with when_told_to_stop(lambda: None):
            return [signal.getsignal(each) for each in SIGNALS]

    assert await to_thread.run_sync(lambda: asyncio.run(look())) == before
    assert not told
