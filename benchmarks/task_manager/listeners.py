"""Many listeners to one stream of events, and somebody who makes something happen.

    python listeners.py URL LISTENERS CHANGES     with the variables DATABASE_URL and BENCH_TOKENS

Runs in the project's Python. Prints JSON: the numbers of the events for each listener, and how many
seconds it took from the first change until all had heard all.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence
from itertools import cycle
from typing import Any
from urllib.parse import urlsplit

import asyncpg

CHANGE = """
WITH project AS (
    UPDATE projects SET last_activity = last_activity + 1 WHERE key = 'WEB'
    RETURNING id, last_activity
)
INSERT INTO activity (project_id, seq, at, actor_id, kind, task_number, subject, changes)
SELECT project.id, project.last_activity, now(), users.id, 'task.changed', 1, 'WEB-1',
       '{"title": ["Before", "After"]}'
FROM project, users WHERE users.username = 'demo'
"""


async def hear(
    url: str, tokens: Sequence[str], *, database: str, listeners: int, changes: int
) -> dict[str, Any]:
    """Have many listen while something is changed, as fast as the database takes it.

    Args:
        url: The stream.
        tokens: Whose it is, in turn.
        database: The URL of the database in which changes are made.
        listeners: How many listen.
        changes: How many changes are made.
    """
    people = [_Listener(changes) for _ in range(listeners)]
    await asyncio.gather(
        *(person.connect(url, token) for person, token in zip(people, cycle(tokens)))
    )
    connection = await asyncpg.connect(database)
    tasks = [asyncio.create_task(person.listen()) for person in people]
    try:
        begun = time.perf_counter()
        for _ in range(changes):
            await connection.execute(CHANGE)
        async with asyncio.timeout(60):
            await asyncio.gather(*tasks)
        seconds = time.perf_counter() - begun
    finally:
        for task in tasks:
            task.cancel()
        await connection.close()
        for person in people:
            person.close()
    return {"events": [person.events for person in people], "seconds": seconds}


class _Listener:
    def __init__(self, wanted: int) -> None:
        self.events: list[int] = []
        self._wanted = wanted

    async def connect(self, url: str, token: str) -> None:
        """Ask for the stream, and wait until it has begun."""
        parts = urlsplit(url)
        self._reader, self._writer = await asyncio.open_connection(parts.hostname, parts.port)
        lines = (f"GET {parts.path} HTTP/1.1", "Host: bench", f"Authorization: Bearer {token}")
        self._writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        begun = await self._reader.readuntil(b"event: ready")
        assert b" 200 OK" in begun, begun

    async def listen(self) -> None:
        """Note the number of each change."""
        while len(self.events) < self._wanted:
            lines = (await self._reader.readuntil(b"\n\n")).decode().splitlines()
            fields = dict(line.split(": ", 1) for line in lines if ": " in line)
            if fields.get("event") == "task.changed":
                self.events.append(int(fields["id"]))

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


if __name__ == "__main__":
    heard = hear(
        sys.argv[1],
        os.environ["BENCH_TOKENS"].split(),
        database=os.environ["DATABASE_URL"],
        listeners=int(sys.argv[2]),
        changes=int(sys.argv[3]),
    )
    print(json.dumps(asyncio.run(heard)))
