"""Requests at the same moment."""

from collections.abc import Awaitable, Callable, Sequence

import anyio
from httpx2 import Response

Request = Callable[[], Awaitable[Response]]


async def at_once(requests: Sequence[Request]) -> list[int]:
    """Send requests together, and return their statuses in the same order."""
    statuses = [0] * len(requests)
    ready = anyio.Event()

    async def send(number: int, request: Request) -> None:
        await ready.wait()
        statuses[number] = (await request()).status_code

    async with anyio.create_task_group() as group:
        for number, request in enumerate(requests):
            group.start_soon(send, number, request)
        ready.set()
    return statuses
