"""Changing a task: what is named and nothing else, and a new version if anything is."""

from typing import Any

import pytest
from databases import RolledBack, snapshot
from httpx2 import AsyncClient
from team import FULL_TASK, Person, alone, team, took
from ticking import at

pytestmark = pytest.mark.usefixtures("ticking")

# What is sent, and what is then another than it was.
CHANGES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"title": " New "}, {"title": "New"}),
    ({"description": ""}, {"description": ""}),
    ({"description": "New.\n"}, {"description": "New.\n"}),
    ({"status": "in_progress"}, {"status": "in_progress"}),
    ({"priority": "low"}, {"priority": "low"}),
    ({"assignee": "ada"}, {"assignee": "ada"}),
    ({"assignee": "ADA"}, {"assignee": "ada"}),
    ({"assignee": None}, {"assignee": None}),
    ({"labels": ["new"]}, {"labels": ["new"]}),
    ({"labels": ["tests", "b", "A"]}, {"labels": ["A", "b", "tests"]}),
    ({"labels": []}, {"labels": []}),
    ({"due_date": "2027-01-01"}, {"due_date": "2027-01-01"}),
    ({"due_date": None}, {"due_date": None}),
    ({"parent": "WEB-3"}, {"parent": "WEB-3"}),
    ({"parent": None}, {"parent": None}),
    (
        {"title": "T", "description": "D", "status": "in_progress", "priority": "urgent"}
        | {"assignee": None, "labels": ["x"], "due_date": None, "parent": "WEB-3"},
        {"title": "T", "description": "D", "status": "in_progress", "priority": "urgent"}
        | {"assignee": None, "labels": ["x"], "due_date": None, "parent": "WEB-3"},
    ),
]

# What is sent that leaves everything as it is.
NO_CHANGES: list[dict[str, Any]] = [
    {"title": FULL_TASK["title"]},
    {"title": f" {FULL_TASK['title']} "},
    {"description": FULL_TASK["description"]},
    {"status": "todo"},
    {"priority": "high"},
    {"assignee": "bob"},
    {"assignee": "BOB"},
    {"labels": ["tests", "api", "tests", " api"]},
    {"due_date": "2026-02-28"},
    {"parent": "WEB-1"},
    FULL_TASK,
]


async def scene(client: AsyncClient, database: RolledBack) -> tuple[Person, Person]:
    """A task WEB-2 with everything that a task can have."""
    ada, bob = await team(client, database, ada="owner", bob="member")
    await ada.add()
    took(await ada.post("/projects/WEB/tasks", FULL_TASK), 201)
    await ada.add("Another")
    return ada, bob


async def test_a_change_changes_what_it_names_and_nothing_else(
    client: AsyncClient, database: RolledBack
) -> None:
    _, bob = await scene(client, database)
    before = await bob.read("WEB-2")
    others = [await bob.read("WEB-1"), await bob.read("WEB-3")]
    for second, (sent, changed) in enumerate(CHANGES, start=3):
        expected = {**before, **changed, "version": 2, "updated_at": at(second)}
        async with database.undone():
            response = await bob.patch("/tasks/WEB-2", sent, **{"If-Match": '"1"'})
            assert took(response, 200) == expected, sent
            assert response.headers["etag"] == '"2"'
            assert await bob.read("WEB-2") == expected
            assert [await bob.read("WEB-1"), await bob.read("WEB-3")] == others


async def test_what_is_as_it_was_makes_no_new_version(
    client: AsyncClient, database: RolledBack
) -> None:
    _, bob = await scene(client, database)
    task, before = await bob.read("WEB-2"), await snapshot(database)
    for sent in NO_CHANGES:
        response = await bob.patch("/tasks/WEB-2", sent, **{"If-Match": '"1"'})
        assert (took(response, 200), response.headers["etag"]) == (task, '"1"'), sent
    assert await snapshot(database) == before


async def test_each_change_makes_the_next_version(client: AsyncClient) -> None:
    ada = await alone(client, tasks=2)
    versions = [
        (await ada.change("WEB-1", title="New"))["version"],
        (await ada.change("WEB-1", title="New"))["version"],
        (await ada.change("WEB-1", title="Newer", priority="low"))["version"],
        (await ada.move("WEB-1", "WEB-2"))["version"],
        (await ada.move("WEB-1", "WEB-2"))["version"],
        (await ada.move("WEB-1", None, "in_progress"))["version"],
        (await ada.change("WEB-1", status="todo"))["version"],
    ]
    assert versions == [2, 2, 3, 4, 4, 5, 6]
    assert (await ada.read("WEB-1"))["version"] == 6
    assert (await ada.read("WEB-2"))["version"] == 1


async def test_a_comment_makes_no_new_version(client: AsyncClient) -> None:
    ada = await alone(client)
    before = await ada.read(await ada.add())
    await ada.comment("WEB-1", "Fine.")
    assert await ada.read("WEB-1") == before
