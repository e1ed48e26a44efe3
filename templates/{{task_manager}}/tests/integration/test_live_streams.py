"""The response: what is in it, and when it ends."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from feeds import SOURCE, happen, hub_on, ids, newest, read, rendered
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.types import Message

from app.core.database import Database
from app.live import stream as streams
from app.live.channels import Event, Source
from app.live.hub import Hub
from app.live.lifespan import running
from app.live.stream import EventStream, stream

PING = b": ping\n\n"
LATER = timedelta(hours=1)


def ready(seq: int) -> bytes:
    return b'event: ready\ndata: {"seq":%d}\nid: %d\n\n' % (seq, seq)


def answering(*answers: bool) -> Callable[[AsyncSession], Awaitable[bool]]:
    """Answer one question after the other; the last one for good."""
    left = list(answers)

    async def may_go_on(_session: AsyncSession) -> bool:
        return left.pop(0) if len(left) > 1 else left[0]

    return may_go_on


def streaming(
    hub: Hub, after: int | None = None, *, lasting: timedelta = LATER, answers: Any = (True,)
) -> Any:
    until = datetime.now(UTC) + lasting
    return stream(hub, 1, after, may_go_on=answering(*answers), until=until)


async def test_the_first_event_says_where_the_others_begin(feed: Database) -> None:
    await happen(feed, times=2)
    async with hub_on(feed) as hub:
        for after, seq in {None: 2, 0: 0, 1: 1, 2: 2, 3: 2}.items():
            events = streaming(hub, after)
            assert await anext(events) == ready(seq)
            await happen(feed, project=2)
            await events.aclose()
        assert not hub._channels


async def test_events_follow_as_they_happen(feed: Database) -> None:
    async with hub_on(feed) as hub:
        events = streaming(hub)
        assert await anext(events) == ready(0)
        for seq, said in enumerate(["one", "two\nlines", "drei \N{SNOWMAN}"], start=1):
            await happen(feed, said=said)
            assert await anext(events) == rendered(seq, said)
        await events.aclose()


async def test_it_ends_with_the_permission(feed: Database) -> None:
    async with hub_on(feed) as hub:
        soon = timedelta(milliseconds=20)
        assert [each async for each in streaming(hub, lasting=soon)] == [ready(0)]


async def test_what_happens_after_the_permission_has_ended_is_not_told(feed: Database) -> None:
    async with hub_on(feed) as hub:
        await happen(feed, times=3)
        over = timedelta(seconds=-1)
        assert [each async for each in streaming(hub, 0, lasting=over)] == [ready(0)]


async def test_while_nothing_happens_a_line_is_sent_and_one_may_still_listen(
    feed: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "KEEP_ALIVE_SECONDS", 0.001)
    async with hub_on(feed) as hub:
        first, *others = [each async for each in streaming(hub, answers=(True, True, False))]
        assert (first, set(others)) == (ready(0), {PING})


async def test_who_may_not_listen_any_more_is_found_out_also_while_much_happens(
    feed: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "KEEP_ALIVE_SECONDS", 0)
    await happen(feed, times=5)
    async with hub_on(feed) as hub:
        first, *others = [each async for each in streaming(hub, 0, answers=(False,))]
        assert (first, set(others)) == (ready(0), {PING})


async def test_what_may_end_ones_right_is_told_only_to_those_who_still_have_it(
    feed: Database,
) -> None:
    async def read_about_access(*question: Any) -> list[Event]:
        events = await read(*question)
        return [replace(event, is_about_access=event.seq % 2 == 0) for event in events]

    async with hub_on(feed, Source(newest, read_about_access)) as hub:
        events = streaming(hub, answers=(True, False))
        assert await anext(events) == ready(0)
        for seq in range(1, 4):
            await happen(feed)
            assert await anext(events) == rendered(seq)
        await happen(feed)
        assert [each async for each in events] == []


@pytest.mark.parametrize("what", ["read", "may_go_on"])
async def test_while_the_database_does_not_answer_lines_are_sent_and_the_permission_ends(
    feed: Database, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    async def never(*_: object) -> Any:
        await asyncio.Event().wait()

    monkeypatch.setattr(streams, "KEEP_ALIVE_SECONDS", 0.001)
    await happen(feed, times=2)
    source = Source(newest, never if what == "read" else read)
    # Somebody else listens, so that the beginning does not wait for the database.
    async with hub_on(feed, source) as hub, hub.listening(1, None):
        until = datetime.now(UTC) + timedelta(milliseconds=200)
        may_go_on = never if what == "may_go_on" else answering(True)
        after = 0 if what == "read" else None
        events = stream(hub, 1, after, may_go_on=may_go_on, until=until)
        first, *others = [each async for each in events]
        assert (first, set(others)) == (ready(2 if after is None else 0), {PING})


async def test_it_ends_when_the_process_is_told_to(feed: Database) -> None:
    async with hub_on(feed) as hub:
        events = [streaming(hub) for _ in range(10)]
        assert [await anext(each) for each in events] == [ready(0)] * 10
        ends = [asyncio.create_task(anext(each, "the end")) for each in events]
        await asyncio.sleep(0)
        hub.stop()
        assert await asyncio.gather(*ends) == ["the end"] * 10
        # Whoever comes now gets an answer that makes browsers come again.
        assert [each async for each in streaming(hub)] == []


@pytest.mark.parametrize("what", ["newest", "read", "may_go_on"])
async def test_it_ends_so_also_while_it_waits_for_the_database(
    feed: Database, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    asked, cleaned_up = asyncio.Event(), asyncio.Event()

    async def never(*_: object) -> Any:
        asked.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)
            cleaned_up.set()

    monkeypatch.setattr(streams, "KEEP_ALIVE_SECONDS", 0)
    await happen(feed, times=2)
    source = Source(
        never if what == "newest" else newest,
        never if what == "read" else read,
    )
    async with hub_on(feed, source) as hub:
        until = datetime.now(UTC) + LATER
        may_go_on = never if what == "may_go_on" else answering(True)
        events = stream(hub, 1, 0, may_go_on=may_go_on, until=until)

        async def listen() -> list[bytes]:
            return [each async for each in events if each != PING]

        listening = asyncio.create_task(listen())
        await asked.wait()
        hub.stop()
        assert await listening == ([] if what == "newest" else [ready(0)])
    assert cleaned_up.is_set()


class Client:
    """Somebody at the other end of a response, and what they got."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.got = asyncio.Event()
        self.reads = asyncio.Event()
        self.reads.set()
        self.gone = asyncio.Event()

    async def send(self, message: Message) -> None:
        self.messages.append(message)
        self.got.set()
        await self.reads.wait()

    async def receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def get(self, response: EventStream) -> None:
        await response({"type": "http", "asgi": {"spec_version": "2.3"}}, self.receive, self.send)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.messages)

    async def has(self, body: bytes) -> None:
        """Wait until all of it has come."""
        while self.body != body:
            self.got.clear()
            await self.got.wait()


async def test_it_is_sent_so_that_nobody_on_the_way_keeps_it_back(feed: Database) -> None:
    client = Client()
    async with hub_on(feed) as hub:
        await client.get(EventStream(streaming(hub, lasting=timedelta(0))))
    assert client.messages == [
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [
                (b"x-accel-buffering", b"no"),
                (b"content-type", b"text/event-stream; charset=utf-8"),
            ],
        },
        {"type": "http.response.body", "body": ready(0), "more_body": True},
        {"type": "http.response.body", "body": b"", "more_body": False},
    ]


def test_the_document_tells_what_kind_of_response_it_is() -> None:
    app = FastAPI()

    @app.get("/events", response_class=EventStream)
    async def events() -> None: ...

    answers = app.openapi()["paths"]["/events"]["get"]["responses"]
    assert answers["200"]["content"] == {"text/event-stream": {"schema": {"type": "string"}}}


async def test_a_client_that_goes_away_is_noticed_while_nothing_happens(feed: Database) -> None:
    client = Client()
    async with hub_on(feed) as hub:
        listening = asyncio.create_task(client.get(EventStream(streaming(hub))))
        await client.has(ready(0))
        client.gone.set()
        await listening
        assert not hub._channels


async def test_a_client_that_does_not_read_holds_up_nobody_else(feed: Database) -> None:
    slow, quick = Client(), Client()
    async with hub_on(feed) as hub:
        tasks = [
            asyncio.create_task(client.get(EventStream(streaming(hub)))) for client in (slow, quick)
        ]
        await slow.has(ready(0))
        await quick.has(ready(0))
        slow.reads.clear()
        told = ready(0)
        for seq in range(1, 6):
            await happen(feed)
            told += rendered(seq)
            await quick.has(told)
        await slow.has(ready(0) + rendered(1))
        slow.reads.set()
        await slow.has(told)
        assert ids(slow.body) == [0, 1, 2, 3, 4, 5]
        slow.reads.clear()
        await happen(feed)
        await slow.has(told + rendered(6))
        # Also one that goes away while something is on its way to it.
        slow.gone.set()
        await tasks[0]
        hub.stop()
        await tasks[1]
        assert not hub._channels


async def test_the_hub_of_an_application_runs_with_it(feed: Database) -> None:
    app = FastAPI(lifespan=running)
    hub = app.state.hub = Hub(feed, SOURCE)
    async with app.router.lifespan_context(app), hub.listening(1, None) as listener:
        await happen(feed)
        await listener.wait(asyncio.get_running_loop().time() + 60)
        assert await listener.take() == rendered(1)
    assert hub.stopped
