"""Pages of tasks: each task once, however large the pages are and whatever happens in between."""

from collections.abc import Awaitable, Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from databases import RolledBack
from httpx2 import AsyncClient
from team import Person, alone, took

from app.tasks.schemas import Sort

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
SORTS = [sort.value for sort in Sort]
TASKS = 12


@pytest.fixture
async def ada(client: AsyncClient, monkeypatch: pytest.MonkeyPatch) -> Person:
    """Somebody with twelve tasks, of which in each sort some are the same, in two columns."""
    moments = (BEGIN + timedelta(milliseconds=number // 3) for number in range(10**6))
    monkeypatch.setattr("app.tasks.service.now", lambda: next(moments))
    ada = await alone(client)
    for number in range(TASKS):
        due_date = f"2026-02-0{number % 4 + 1}" if number % 3 else None
        await ada.add(priority=["low", "high", "normal"][number % 3], due_date=due_date)
    for number in (2, 3, 5, 8):
        await ada.change(f"WEB-{number}", status="in_progress")
    return ada


Between = Callable[[list[str]], Awaitable[None]]


async def pages(
    person: Person, sort: str, limit: int, between: Between | None = None
) -> list[list[str]]:
    """The keys of each page.

    Args:
        person: Who reads them.
        sort: In which sort.
        limit: How many are on a page.
        between: What happens between two pages; it is told which tasks were shown so far.
    """
    found: list[list[str]] = []
    async for page in person.each_page("/projects/WEB/tasks", sort=sort, limit=limit):
        found.append([task["key"] for task in page["items"]])
        if between and page["next"]:
            await between([key for each in found for key in each])
    return found


@pytest.mark.parametrize("sort", SORTS)
async def test_pages_of_every_size_have_each_task_once_in_order(ada: Person, sort: str) -> None:
    (everything,) = await pages(ada, sort, 100)
    assert sorted(everything) == sorted(f"WEB-{number}" for number in range(1, TASKS + 1))
    for limit in range(1, TASKS + 2):
        expected = [everything[begin : begin + limit] for begin in range(0, TASKS, limit)]
        assert await pages(ada, sort, limit) == expected


async def test_without_tasks_there_is_one_empty_page(client: AsyncClient) -> None:
    ada = await alone(client)
    assert (await ada.get("/projects/WEB/tasks")).json() == {"items": [], "next": None}


async def test_a_page_has_fifty_tasks_unless_told_and_never_more_than_a_hundred(
    client: AsyncClient,
) -> None:
    ada = await alone(client, tasks=101)
    first = took(await ada.get("/projects/WEB/tasks"), 200)
    assert len(first["items"]) == 50
    assert [len(page) for page in await pages(ada, "position", 100)] == [100, 1]


Change = Callable[[Person, str, str], Coroutine[Any, Any, None]]


async def _add(ada: Person, _last: str, _next: str) -> None:
    """Add tasks that are at the beginning of some sort, in the middle, and at the end."""
    await ada.add(priority="low")
    await ada.add(priority="urgent", due_date="2026-01-01")
    await ada.add(due_date="2026-02-02")


async def _change_the_last(ada: Person, last: str, _next: str) -> None:
    """Have what the next page begins after be at another place in every sort, before or behind."""
    if (await ada.read(last))["status"] == "todo":
        await ada.change(last, status="in_progress", priority="urgent", due_date="2026-12-31")
    else:
        await ada.change(last, status="todo", priority="low", due_date="2026-01-01")


async def _move_the_last(ada: Person, last: str, _next: str) -> None:
    """Have what the next page begins after be the first of its column."""
    await ada.move(last, None)


async def _remove_the_last(ada: Person, last: str, _next: str) -> None:
    """Remove what the next page begins after."""
    await ada.remove(last)


async def _remove_the_next(ada: Person, _last: str, upcoming: str) -> None:
    """Remove what the next page would begin with."""
    await ada.remove(upcoming)


@pytest.mark.parametrize(
    "change", [_add, _change_the_last, _move_the_last, _remove_the_last, _remove_the_next]
)
async def test_who_stays_where_they_are_is_shown_once_whatever_happens_to_others(
    ada: Person, database: RolledBack, change: Change
) -> None:
    """No task is shown twice or left out that is there all along and does not change."""
    before = {task["key"]: task for task in await ada.pages("/projects/WEB/tasks")}
    for sort in SORTS:
        expected = await ada.listed(sort=sort)
        turns = iter(range(3))

        async def between(seen: list[str], sort: str = sort, turns: Iterator[int] = turns) -> None:
            if next(turns, None) is not None:
                there = [key for key in await ada.listed(sort=sort) if key in before]
                upcoming = next(key for key in there if key not in seen)
                await change(ada, [key for key in seen if key in before][-1], upcoming)

        async with database.undone():
            seen = [key for page in await pages(ada, sort, 2, between) for key in page]
            tasks = {task["key"]: task for task in await ada.pages("/projects/WEB/tasks")}
        stayed = {key for key, task in before.items() if tasks.get(key) == task}
        assert TASKS - 3 <= len(stayed) <= TASKS
        assert [key for key in seen if key in stayed] == [key for key in expected if key in stayed]


@pytest.mark.parametrize(
    "sort", [sort for sort in SORTS if sort not in {"position", "updated", "-updated"}]
)
async def test_moving_tasks_on_the_board_changes_no_page_of_another_sort(
    ada: Person, sort: str
) -> None:
    expected = await ada.listed(sort=sort)

    async def between(_seen: list[str]) -> None:
        await ada.move(expected[0], None)
        await ada.move(expected[-1], None)

    found = await pages(ada, sort, 3, between)
    assert [key for page in found for key in page] == expected


async def test_who_reads_along_to_the_newest_sees_tasks_that_are_added_meanwhile(
    ada: Person,
) -> None:
    async def between(_seen: list[str]) -> None:
        await ada.add()

    found = await pages(ada, "created", 2, between)
    # One is added after each page of two but the last.
    assert [key for page in found for key in page] == [
        f"WEB-{number}" for number in range(1, 2 * TASKS - 1)
    ]
