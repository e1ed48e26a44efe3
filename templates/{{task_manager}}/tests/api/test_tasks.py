"""One task: made, read, given to somebody, removed."""

import pytest
from databases import RolledBack, sizes, snapshot
from httpx2 import AsyncClient
from team import FULL_TASK, alone, assert_refused, invite, join, team, took
from ticking import at

pytestmark = pytest.mark.usefixtures("ticking")


async def test_a_task_begins_with_what_is_usual(client: AsyncClient) -> None:
    ada = await alone(client)
    response = await ada.post("/projects/WEB/tasks", {"title": "  Something "})
    task = took(response, 201)
    assert task == {
        "key": "WEB-1",
        "title": "Something",
        "description": "",
        "status": "todo",
        "priority": "normal",
        "assignee": None,
        "labels": [],
        "due_date": None,
        "parent": None,
        "author": "ada",
        "version": 1,
        "created_at": at(0),
        "updated_at": at(0),
    }
    assert response.headers["etag"] == '"1"'
    assert await ada.read("WEB-1") == task


async def test_a_task_comes_back_as_it_was_written(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, _ = await team(client, database, ada="owner", bob="member")
    await ada.add()
    task = took(await ada.post("/projects/WEB/tasks", FULL_TASK), 201)
    assert task == {
        **FULL_TASK,
        "key": "WEB-2",
        "status": "todo",
        "author": "ada",
        "version": 1,
        "created_at": at(1),
        "updated_at": at(1),
    }
    response = await ada.get("/tasks/WEB-2")
    assert (response.json(), response.headers["etag"]) == (task, '"1"')


async def test_a_task_is_listed_without_its_description(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, _ = await team(client, database, ada="owner", bob="member")
    await ada.add()
    task = took(await ada.post("/projects/WEB/tasks", FULL_TASK), 201)
    del task["description"]
    assert (await ada.pages("/projects/WEB/tasks"))[1] == task


async def test_each_project_numbers_its_own_tasks_and_no_number_comes_again(
    client: AsyncClient,
) -> None:
    ada = await join(client, "ada")
    await ada.start("WEB")
    await ada.start("APP")
    assert [await ada.add(project=key) for key in ("WEB", "WEB", "APP", "WEB")] == [
        "WEB-1",
        "WEB-2",
        "APP-1",
        "WEB-3",
    ]
    await ada.remove("WEB-3")
    assert await ada.add() == "WEB-4"


async def test_labels_are_in_order_and_each_is_there_once(client: AsyncClient) -> None:
    ada = await alone(client)
    key = await ada.add(labels=["b", "\u00fc", " a ", "b", "A", "a b", "z"])
    assert (await ada.read(key))["labels"] == ["A", "a", "a b", "b", "z", "\u00fc"]


async def test_only_members_have_tasks(client: AsyncClient, database: RolledBack) -> None:
    ada, eve = [await join(client, name) for name in ("ada", "eve")]
    await ada.start()
    await ada.add()
    before = await snapshot(database)
    headers = {"If-Match": "*"}
    for name in ("eve", "nobody", ""):
        answers = [
            await ada.post("/projects/WEB/tasks", {"title": "T", "assignee": name}),
            await ada.patch("/tasks/WEB-1", {"title": "T", "assignee": name}, **headers),
        ]
        for response in answers:
            message = "is not a member of this project"
            assert_refused(response, 422, "invalid", assignee=message)
    assert await snapshot(database) == before
    await invite(ada, database, eve, "viewer")
    assert (await ada.change("WEB-1", assignee="Eve"))["assignee"] == "eve"


async def test_the_tasks_of_who_leaves_are_nobodys_and_have_a_new_version(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, bob = await team(client, database, ada="owner", bob="member")
    for name in ("bob", "ada", "bob", None):
        await ada.add(assignee=name)
    await bob.leave()
    found = [await ada.read(f"WEB-{number}") for number in (1, 2, 3, 4)]
    assert [(task["assignee"], task["version"]) for task in found] == [
        (None, 2),
        ("ada", 1),
        (None, 2),
        (None, 1),
    ]


async def test_a_removed_task_is_gone_with_all_that_belongs_to_it(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, bob = await team(client, database, ada="owner", bob="member")
    await ada.add("Stays", labels=["x"])
    await bob.comment("WEB-1", "Stays.")
    left = sizes(await snapshot(database))
    key = await ada.add("Goes", labels=["x", "y"], assignee="bob", parent="WEB-1")
    await bob.comment(key, "Fine, @ada.")
    await bob.comment(key, "Finer.")
    await ada.remove(key)
    for path in (f"/tasks/{key}", f"/tasks/{key}/comments"):
        detail = "There is no task with this key."
        assert_refused(await ada.get(path), 404, "no_task", detail)
    assert await ada.listed() == ["WEB-1"]
    # What remains is in the history: made, commented on twice, removed.
    assert sizes(await snapshot(database)) == {**left, "activity": left["activity"] + 4}
