"""The hub of an application: runs as long as that does, and stops when the process is told to."""

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import FrameType
from typing import Annotated, cast

from fastapi import Depends, FastAPI, Request

from app.live.hub import Hub


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[None]:
    """Run the application's hub, `app.state.hub`."""
    hub = cast(Hub, app.state.hub)
    with when_told_to_stop(hub.stop):
        async with hub.running():
            yield


@contextmanager
def when_told_to_stop(stop: Callable[[], None]) -> Iterator[None]:
    """Call something as soon as a signal tells the process to stop.

    A server that is told so waits for responses to end before it ends the application. A response
    that does not end by itself has to be told as well, and the server tells nobody.

    Args:
        stop: What to call, in the event loop.
    """
    loop = asyncio.get_running_loop()
    former: dict[int, Callable[[int, FrameType | None], object]] = {}

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop)
        former[number](number, frame)

    if threading.current_thread() is threading.main_thread():
        for told in (signal.SIGINT, signal.SIGTERM):
            # Where nobody handles it, the process ends at once.
            if callable(handler := signal.getsignal(told)):
                former[told] = handler
                signal.signal(told, handle)
    try:
        yield
    finally:
        for number, before in former.items():
            if signal.getsignal(number) is handle:
                signal.signal(number, before)


async def _hub(request: Request) -> Hub:
    return cast(Hub, request.app.state.hub)


HubDep = Annotated[Hub, Depends(_hub)]
