"""Whoever reads the history while many write it misses nothing, and sees nothing too early."""

from collections import Counter
from typing import Any

import anyio
from databases import snapshot
from httpx2 import AsyncClient
from replaying import replay, state_of
from team import Person, team

from app.core.database import Database

WRITERS = 7
TURNS = 6


async def test_a_reader_never_sees_an_entry_before_the_one_before_it(
    own_client: AsyncClient, own_database: Database
) -> None:
    roles = {f"p{number}": "member" for number in range(WRITERS)}
    reader, *writers = await team(own_client, own_database, ada="owner", **roles)
    seen: list[dict[str, Any]] = await reader.history()
    writing = len(writers)

    async def write(person: Person) -> None:
        nonlocal writing
        for turn in range(TURNS):
            key = await person.add(f"{turn} by {person.name}")
            await person.comment(key, "Fine.")
            await person.change(key, status="in_progress")
            await person.change(key, title="New")
        writing -= 1

    async def read() -> int:
        """Read to the end; tell how many pages were there before the others were done."""
        pages, done = 0, False
        while not done:
            done = writing == 0
            path = "/projects/WEB/activity"
            page = (await reader.get(path, after=seen[-1]["id"], limit=100)).json()["items"]
            expected = range(seen[-1]["id"] + 1, seen[-1]["id"] + 1 + len(page))
            assert [entry["id"] for entry in page] == [*expected]
            seen.extend(page)
            pages += bool(page) and not done
        return pages

    async with anyio.create_task_group() as group:
        for person in writers:
            group.start_soon(write, person)
        pages = await read()
    # It did read while they wrote, and more than once.
    assert pages > 1
    assert seen == await reader.history()
    assert len((await snapshot(own_database))["activity"]) == len(seen)
    told = Counter((entry["actor"], entry["kind"]) for entry in seen)
    for person in writers:
        kinds = ("task.created", "comment.added", "task.changed")
        assert [told[person.name, kind] for kind in kinds] == [TURNS, TURNS, 2 * TURNS]
    assert replay(seen) == await state_of(own_database)
