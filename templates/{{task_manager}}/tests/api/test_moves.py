"""Moving tasks over HTTP: from which column to which, and to which place."""

from itertools import product

import pytest
from databases import RolledBack, snapshot
from httpx2 import AsyncClient
from team import Person, alone, assert_refused, took

# How a task gets to each status from where it begins, and where it can go from there.
WAYS = {
    "todo": [],
    "in_progress": ["in_progress"],
    "in_review": ["in_progress", "in_review"],
    "done": ["in_progress", "in_review", "done"],
}
ALLOWED = {
    "todo": ["in_progress"],
    "in_progress": ["todo", "in_review"],
    "in_review": ["in_progress", "done"],
    "done": ["todo", "in_progress"],
}
NOT_IN_COLUMN = "The task that is to be above it is not in that column. Read the board again."


@pytest.fixture
async def ada(client: AsyncClient) -> Person:
    """Somebody with the tasks WEB-1, WEB-2 and WEB-3 in the first column, and no others there."""
    return await alone(client, tasks=3)


@pytest.mark.parametrize(("before", "after"), [*product(WAYS, WAYS)])
async def test_a_task_goes_where_the_table_says_by_either_route(
    ada: Person, database: RolledBack, before: str, after: str
) -> None:
    for status in WAYS[before]:
        await ada.change("WEB-1", status=status)
    rows = await snapshot(database)
    headers = {"If-Match": "*"}
    for method, path, sent in (
        ("PATCH", "/tasks/WEB-1", {"status": after, "title": "Moved"}),
        ("POST", "/tasks/WEB-1/move", {"status": after, "after": None}),
    ):
        async with database.undone():
            response = await ada.request(method, path, json=sent, headers=headers)
            if after == before or after in ALLOWED[before]:
                assert took(response, 200)["status"] == after
                assert (await ada.read("WEB-1"))["status"] == after
            else:
                ways = " or ".join(ALLOWED[before])
                detail = f"A task that is {before} can go to {ways}, and not to {after}."
                assert_refused(response, 409, "no_such_move", detail)
                assert await snapshot(database) == rows


async def test_a_task_goes_below_the_one_that_is_named_or_to_the_top(ada: Person) -> None:
    await ada.move("WEB-1", "WEB-2")
    assert await ada.listed() == ["WEB-2", "WEB-1", "WEB-3"]
    await ada.move("WEB-2", "WEB-3")
    assert await ada.listed() == ["WEB-1", "WEB-3", "WEB-2"]
    await ada.move("WEB-3", None)
    assert await ada.listed() == ["WEB-3", "WEB-1", "WEB-2"]
    await ada.move("WEB-1", None, "in_progress")
    await ada.move("WEB-2", "WEB-1", "in_progress")
    assert await ada.listed(status="in_progress") == ["WEB-1", "WEB-2"]
    assert await ada.listed() == ["WEB-3", "WEB-1", "WEB-2"]


async def test_a_new_status_alone_brings_a_task_to_the_bottom(ada: Person) -> None:
    for key in ("WEB-2", "WEB-1", "WEB-3"):
        await ada.change(key, status="in_progress")
    assert await ada.listed(status="in_progress") == ["WEB-2", "WEB-1", "WEB-3"]
    await ada.change("WEB-2", status="todo")
    await ada.change("WEB-2", status="in_progress")
    assert await ada.listed(status="in_progress") == ["WEB-1", "WEB-3", "WEB-2"]


async def test_a_new_task_is_at_the_bottom(ada: Person) -> None:
    await ada.move("WEB-1", "WEB-3")
    await ada.add()
    assert await ada.listed() == ["WEB-2", "WEB-3", "WEB-1", "WEB-4"]


async def test_what_is_where_it_is_moved_to_does_not_change(
    ada: Person, database: RolledBack
) -> None:
    await ada.add()
    await ada.change("WEB-4", status="in_progress")
    before = await snapshot(database)
    await ada.move("WEB-1", None)
    await ada.move("WEB-2", "WEB-1")
    await ada.move("WEB-3", "WEB-2", "todo")
    await ada.move("WEB-4", None, "in_progress")
    assert await snapshot(database) == before


@pytest.mark.parametrize(
    ("after", "status"),
    [
        ("WEB-1", None),  # itself
        ("WEB-9", None),
        ("APP-2", None),
        ("WEB-3", "in_progress"),  # in its old column
        ("WEB-4", None),  # in another
        ("WEB-4", "todo"),
        ("WEB-1", "in_progress"),
    ],
)
async def test_what_is_to_be_above_a_task_is_in_its_column(
    ada: Person, database: RolledBack, after: str, status: str | None
) -> None:
    await ada.add()
    await ada.change("WEB-4", status="in_progress")
    await ada.start("APP")
    for _ in range(2):
        await ada.add(project="APP")
    before = await snapshot(database)
    where = {"after": after, **({"status": status} if status else {})}
    response = await ada.request("POST", "/tasks/WEB-1/move", json=where, headers={"If-Match": "*"})
    assert_refused(response, 409, "not_in_column", NOT_IN_COLUMN)
    assert await snapshot(database) == before


async def test_a_move_answers_with_the_task_as_it_is_then(ada: Person) -> None:
    answer = await ada.move("WEB-1", None, "in_progress")
    assert answer == await ada.read("WEB-1")
    assert (answer["status"], answer["version"]) == ("in_progress", 2)
