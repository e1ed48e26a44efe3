"""Reading the history: of a project and of a task, in pages, from either end."""

from typing import Any

import pytest
from httpx2 import AsyncClient
from team import Person, assert_refused, join, took

NO_TASK = "There is no task with this key."
NO_PROJECT = "There is no project with this key."


@pytest.fixture
async def ada(client: AsyncClient) -> Person:
    """Somebody with two tasks, about which things happen in turn, and another project."""
    ada = await join(client, "ada")
    await ada.start("APP")
    await ada.start()
    await ada.add("First")
    await ada.add("Second")
    await ada.comment("WEB-1", "Fine.")
    await ada.change("WEB-2", title="New")
    await ada.move("WEB-1", "WEB-2")
    await ada.add(project="APP")
    await ada.change("WEB-1", title="New")
    await ada.remove("WEB-2")
    return ada


# The numbers of the entries of each history.
HISTORIES = {
    "/projects/WEB": list(range(1, 10)),
    "/tasks/WEB-1": [3, 5, 7, 8],
    "/tasks/WEB-2": [4, 6, 9],
    "/projects/APP": [1, 2, 3],
    "/tasks/APP-1": [3],
}


async def pages(person: Person, path: str, **wanted: Any) -> list[list[int]]:
    """The numbers of the entries on each page."""
    found = person.each_page(f"{path}/activity", place="after", **wanted)
    return [[entry["id"] for entry in page["items"]] async for page in found]


@pytest.mark.parametrize(("path", "numbers"), HISTORIES.items())
async def test_pages_of_every_size_have_each_entry_once_in_both_orders(
    ada: Person, path: str, numbers: list[int]
) -> None:
    assert await pages(ada, path) == [numbers]
    for limit in range(1, len(numbers) + 2):
        for order, expected in (("oldest", numbers), ("newest", numbers[::-1])):
            parts = [expected[at : at + limit] for at in range(0, len(numbers), limit)]
            assert await pages(ada, path, order=order, limit=limit) == parts


async def test_an_entry_of_a_task_is_the_one_of_the_project(ada: Person) -> None:
    everything = {entry["id"]: entry for entry in await ada.history()}
    for number in (1, 2):
        path = f"/tasks/WEB-{number}"
        assert await ada.history(path) == [everything[each] for each in HISTORIES[path]]


@pytest.mark.parametrize(
    ("order", "after", "expected"),
    [
        ("oldest", 0, [3, 5, 7, 8]),
        ("oldest", 4, [5, 7, 8]),
        ("oldest", 5, [7, 8]),
        ("oldest", 8, []),
        ("oldest", 2**63 - 1, []),
        ("newest", 2**63 - 1, [8, 7, 5, 3]),
        ("newest", 6, [5, 3]),
        ("newest", 5, [3]),
        ("newest", 3, []),
        ("newest", 0, []),
    ],
)
async def test_a_page_begins_after_any_number(
    ada: Person, order: str, after: int, expected: list[int]
) -> None:
    found = await pages(ada, "/tasks/WEB-1", order=order, after=after)
    assert found == [expected]


async def test_who_reads_on_sees_what_happened_meanwhile(ada: Person) -> None:
    first = took(await ada.get("/projects/WEB/activity", limit=8), 200)
    await ada.add()
    rest = await pages(ada, "/projects/WEB", after=first["next"])
    assert rest == [[9, 10]]
    assert await pages(ada, "/projects/WEB", order="newest", limit=100) == [[*range(10, 0, -1)]]


async def test_the_history_of_a_removed_task_can_be_read(ada: Person) -> None:
    assert (await ada.get("/tasks/WEB-2")).status_code == 404
    kinds = [entry["kind"] for entry in await ada.history("/tasks/WEB-2")]
    assert kinds == ["task.created", "task.changed", "task.removed"]


async def test_what_never_was_has_no_history(ada: Person, client: AsyncClient) -> None:
    eve = await join(client, "eve")
    assert_refused(await ada.get("/tasks/WEB-3/activity"), 404, "no_task", NO_TASK)
    assert_refused(await ada.get("/tasks/ELSE-1/activity"), 404, "no_task", NO_TASK)
    assert_refused(await ada.get("/projects/ELSE/activity"), 404, "no_project", NO_PROJECT)
    for number in (1, 2, 3):
        answer = await eve.get(f"/tasks/WEB-{number}/activity")
        assert_refused(answer, 404, "no_task", NO_TASK)
    assert_refused(await eve.get("/projects/WEB/activity"), 404, "no_project", NO_PROJECT)
