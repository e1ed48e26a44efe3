"""Events as a response that does not end: server-sent events.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from datetime import UTC, datetime

from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.responses import StreamingResponse
from starlette.types import Send

from app.core.text import GREATEST_ID
from app.live.asking import Question, StoppedError, answer_of
from app.live.hub import Hub

KEEP_ALIVE_SECONDS = 15
"""How often a line is sent that says nothing, so that nobody on the way takes it for idle.

So often it is also asked whether the client may go on.
"""


class EventStream(StreamingResponse):
    """A response of what `stream` makes."""

    media_type = "text/event-stream"

    # FastAPI reads the default of the status for its document.
    def __init__(self, content: AsyncGenerator[bytes], status_code: int = 200) -> None:
        # nginx would collect several events before it passes them on.
        super().__init__(content, status_code, {"X-Accel-Buffering": "no"})
        self._content = content

    async def stream_response(self, send: Send) -> None:
        """Send it, and end the listening with it, however it ends."""
        async with aclosing(self._content):
            await super().stream_response(send)


def parse_last_event_id(value: str) -> int | None:
    """Read the header `Last-Event-ID`; nothing in it is as good as no header.

    Raises:
        ValueError: It is not the number of an event.
    """
    if not value:
        return None
    if value.isascii() and value.isdigit() and len(value) <= len(str(GREATEST_ID)):
        number = int(value)
        if number <= GREATEST_ID:
            return number
    raise ValueError("must be the id of an event")


async def stream(
    hub: Hub, project: int, after: int | None, *, may_go_on: Question[bool], until: datetime
) -> AsyncGenerator[bytes]:
    """Make the events of a project, as they happen, for one client.

    The first one, `ready`, has the id after which the others begin. Where that is not the one that
    the client sent, it sent one that is unknown here, and has to read everything anew.

    Args:
        hub: Where the events come from.
        project: The project's number.
        after: The event that the client heard last, if any: see `Hub.listening`.
        may_go_on: Is asked every `KEEP_ALIVE_SECONDS`, and before events about access; at the first
            no, the stream ends.
        until: When the stream ends at the latest, as the client's permission does.
    """
    clock = asyncio.get_running_loop().time
    end = clock() + (until - datetime.now(UTC)).total_seconds()
    # It then ends as if all had been said: clients connect again.
    with suppress(StoppedError):
        async with hub.listening(project, after) as listener:
            yield format_sse_event(
                id=str(listener.seq), event="ready", data_str=f'{{"seq":{listener.seq}}}'
            )
            ask = ping = clock() + KEEP_ALIVE_SECONDS
            asked: asyncio.Task[bool] | None = None
            events = b""
            # Before each event: a slow client can have been held up for long.
            while not hub.stopped and clock() < end:
                # A database that does not answer keeps nobody from the line that says nothing.
                with suppress(TimeoutError):
                    if asked:
                        if not await answer_of(asked, min(ping, end)):
                            return
                        asked, ask = None, clock() + KEEP_ALIVE_SECONDS
                        listener.is_in_doubt = False
                    elif not (events := await listener.take(min(ask, ping, end))):
                        await listener.wait(min(ask, ping, end))
                if not asked and (clock() >= ask or (events and listener.is_in_doubt)):
                    asked = hub.ask(may_go_on)
                if events and not asked:
                    yield events
                    events = b""
                if clock() >= ping:
                    ping = clock() + KEEP_ALIVE_SECONDS
                    yield KEEPALIVE_COMMENT
