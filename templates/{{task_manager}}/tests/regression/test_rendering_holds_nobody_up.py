"""While long comments were made HTML of, nobody else was answered.

Some texts take a tenth of a second each, and a page has a hundred comments: whoever wrote such and
had them shown stopped the service for ten seconds. Later that was done in a thread, and whoever
waited for it held a connection, of which there are ten.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import anyio
import pytest
from httpx2 import AsyncClient, Response
from sqlalchemy import QueuePool
from team import Person, assert_refused, join, took

from app.comments import markdown
from app.core.database import Database

EACH = 2
"""How many pages one user may have rendered at once."""


@pytest.fixture
async def people(own_client: AsyncClient, own_database: Database) -> list[Person]:
    """So many that their requests could take all connections, each with a comment of their own."""
    pool = cast(QueuePool, own_database.engine.pool)
    people = [await join(own_client, f"p{number}") for number in range(pool.size() + 1)]
    for number, person in enumerate(people):
        await person.start(f"P{number}X")
        await person.add(project=f"P{number}X")
        await person.comment(f"P{number}X-1", "*Long*")
    return people


def comments_of(number: int) -> str:
    return f"/tasks/P{number}X-1/comments"


@contextmanager
def slow(monkeypatch: pytest.MonkeyPatch, name: str) -> Iterator[None]:
    """Have a function of `markdown` take as long as the block."""
    function, go_on = getattr(markdown, name), threading.Event()

    def wait(text: str) -> str:
        assert go_on.wait(30)
        return str(function(text))

    monkeypatch.setattr(markdown, name, wait)
    try:
        yield
    finally:
        go_on.set()


async def until_all_wait(count: int) -> None:
    """Wait until one text is in the thread, and so many others wait for it."""
    with anyio.fail_after(20):
        while markdown._limiter.statistics().tasks_waiting < count:
            await anyio.sleep(0.01)


async def test_others_are_answered_while_comments_are_rendered(
    people: list[Person], own_client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = await join(own_client, "bob")
    responses: list[Response] = []

    async def read(number: int) -> None:
        responses.append(await people[number].get(comments_of(number), render="html"))

    async with anyio.create_task_group() as group:
        with slow(monkeypatch, "to_html"):
            for number in range(len(people)):
                for _ in range(EACH):
                    group.start_soon(read, number)
            await until_all_wait(EACH * len(people) - 1)
            with anyio.fail_after(5):
                assert (await bob.get("/account")).status_code == 200
                assert (await bob.post("/projects", {"key": "BOB", "name": "B"})).is_success
            assert responses == []
    rendered = [took(each, 200)["items"][0]["html"] for each in responses]
    assert rendered == ["<p><em>Long</em></p>\n"] * EACH * len(people)


async def test_others_write_while_mentions_are_looked_for(
    people: list[Person], own_client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = await join(own_client, "bob")
    statuses: list[int] = []

    async def write(number: int) -> None:
        response = await people[number].post(comments_of(number), {"body": "@bob"})
        statuses.append(response.status_code)

    async with anyio.create_task_group() as group:
        with slow(monkeypatch, "to_prose"):
            for number in range(len(people)):
                for _ in range(EACH):
                    group.start_soon(write, number)
            await until_all_wait(EACH * len(people) - 1)
            with anyio.fail_after(5):
                assert (await bob.get("/account")).status_code == 200
                assert (await bob.post("/projects", {"key": "BOB", "name": "B"})).is_success
            assert statuses == []
    assert Counter(statuses) == {201: EACH * len(people)}


async def test_nobody_has_more_than_two_pages_rendered_at_once(
    people: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, path = people[0], comments_of(0)
    (comment,) = await ada.pages(path)
    statuses: list[int] = []

    async def read() -> None:
        statuses.append((await ada.get(path, render="html")).status_code)

    async with anyio.create_task_group() as group:
        with slow(monkeypatch, "to_html"):
            for _ in range(EACH):
                group.start_soon(read)
            await until_all_wait(EACH - 1)
            with anyio.fail_after(5):
                for asked in (path, f"{path}/{comment['id']}"):
                    refused = await ada.get(asked, render="html")
                    assert_refused(refused, 429, "too_many_renderings")
                assert (await ada.get(path)).status_code == 200
    assert statuses == [200] * EACH
    assert (await ada.get(path, render="html")).status_code == 200
