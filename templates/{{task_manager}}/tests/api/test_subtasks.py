"""Subtasks: one level, in one project, and nothing is a part of itself."""

from typing import Any

import pytest
from databases import RolledBack, snapshot
from httpx2 import AsyncClient, Response
from team import Person, alone, assert_refused

NO_TASK = "is not a task of this project"
NO_SUBTASK = "is a subtask, and these have none of their own"
ITSELF = "is the task itself"
HAS_SUBTASKS = "This task has subtasks, so it cannot be one."


@pytest.fixture
async def ada(client: AsyncClient) -> Person:
    """Somebody with two projects. Of the three tasks in WEB, the second is a part of the first."""
    ada = await alone(client)
    await ada.add("One")
    await ada.add("A part of one", parent="WEB-1")
    await ada.add("Three")
    await ada.start("APP")
    await ada.add(project="APP")
    return ada


async def make_subtask(ada: Person, key: str | None, parent: str) -> Response:
    """Have a task, or a new one, be a part of another; something else would change with it."""
    sent = {"title": "New", "parent": parent}
    if key is None:
        return await ada.post("/projects/WEB/tasks", sent)
    return await ada.patch(f"/tasks/{key}", sent, **{"If-Match": "*"})


@pytest.mark.parametrize(
    ("key", "parent", "message"),
    [
        (None, "WEB-2", NO_SUBTASK),
        (None, "WEB-9", NO_TASK),
        (None, "APP-1", NO_TASK),
        (None, "ELSE-1", NO_TASK),
        ("WEB-3", "WEB-2", NO_SUBTASK),
        ("WEB-3", "WEB-9", NO_TASK),
        ("WEB-3", "APP-1", NO_TASK),
        ("WEB-3", "WEB-3", ITSELF),
        ("WEB-2", "WEB-2", ITSELF),
        # Around in a circle.
        ("WEB-1", "WEB-1", ITSELF),
        ("WEB-1", "WEB-2", NO_SUBTASK),
    ],
)
async def test_what_cannot_be_the_parent_is_refused_and_nothing_changes(
    ada: Person, database: RolledBack, key: str | None, parent: str, message: str
) -> None:
    before = await snapshot(database)
    response = await make_subtask(ada, key, parent)
    assert_refused(response, 422, "invalid", parent=message)
    assert await snapshot(database) == before


async def test_what_has_subtasks_is_none_itself(ada: Person, database: RolledBack) -> None:
    before = await snapshot(database)
    response = await make_subtask(ada, "WEB-1", "WEB-3")
    assert_refused(response, 409, "has_subtasks", HAS_SUBTASKS)
    assert await snapshot(database) == before


async def test_a_task_that_was_removed_is_no_parent(ada: Person) -> None:
    await ada.remove("WEB-3")
    response = await make_subtask(ada, None, "WEB-3")
    assert_refused(response, 422, "invalid", parent=NO_TASK)


async def test_what_is_no_subtask_any_more_can_have_some(ada: Person) -> None:
    await ada.change("WEB-2", parent=None)
    await ada.change("WEB-1", parent="WEB-2")
    found = [(await ada.read(f"WEB-{number}"))["parent"] for number in (1, 2, 3)]
    assert found == ["WEB-2", None, None]


async def test_a_subtask_has_a_status_and_an_assignee_of_its_own(ada: Person) -> None:
    await ada.change("WEB-2", status="in_progress", assignee="ada")
    expected: dict[str, Any] = {"status": "in_progress", "assignee": "ada", "parent": "WEB-1"}
    part = await ada.read("WEB-2")
    assert {name: part[name] for name in expected} == expected
    whole = await ada.read("WEB-1")
    assert (whole["status"], whole["assignee"], whole["version"]) == ("todo", None, 1)


async def test_a_task_with_subtasks_cannot_be_removed(ada: Person, database: RolledBack) -> None:
    before = await snapshot(database)
    response = await ada.request("DELETE", "/tasks/WEB-1", headers={"If-Match": "*"})
    detail = "This task has subtasks. Remove them first, or make them parts of another."
    assert_refused(response, 409, "has_subtasks", detail)
    assert await snapshot(database) == before


@pytest.mark.parametrize("parent", [None, "WEB-3"])
async def test_a_task_whose_subtasks_went_elsewhere_can_be_removed(
    ada: Person, parent: str | None
) -> None:
    await ada.change("WEB-2", parent=parent)
    await ada.remove("WEB-1")
    assert await ada.listed() == ["WEB-2", "WEB-3"]
    assert (await ada.read("WEB-2"))["parent"] == parent


async def test_a_task_is_removed_after_its_subtasks(ada: Person) -> None:
    await ada.remove("WEB-2")
    await ada.remove("WEB-1")
    assert await ada.listed() == ["WEB-3"]
