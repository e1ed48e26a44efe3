"""Changes of tasks at the same moment, on a database that is really committed to.

Whatever comes first, no key is there twice, no change is lost, nobody is answered that the server
is at fault, and the history tells what is there.
"""

from collections import Counter
from typing import Any

import pytest
from httpx2 import AsyncClient
from racing import Request, at_once
from replaying import replay, state_of
from sqlalchemy import select
from team import Person, team

from app.core.database import Database
from app.tasks.models import Task

AT_ONCE = 8
ROUNDS = 4
TODO = 5


@pytest.fixture
async def people(own_client: AsyncClient, own_database: Database) -> tuple[Person, ...]:
    """A team of eight with five tasks in one column."""
    roles = {f"p{number}": "owner" for number in range(AT_ONCE)}
    people = await team(own_client, own_database, **roles)
    for _ in range(TODO):
        await people[0].add()
    return people


def makes(person: Person, **new: Any) -> Request:
    """A request for a new task."""
    return lambda: person.post("/projects/WEB/tasks", {"title": "New", **new})


def patches(person: Person, path: str, body: Any, version: str = "*") -> Request:
    """A request to change a task."""
    return lambda: person.patch(path, body, **{"If-Match": version})


def moves(person: Person, key: str, version: str = "*", **where: Any) -> Request:
    """A request to move a task."""
    headers = {"If-Match": version}
    path = f"/tasks/{key}/move"
    return lambda: person.request("POST", path, json=where, headers=headers)


def comments(person: Person, key: str) -> Request:
    """A request to comment on a task."""
    return lambda: person.post(f"/tasks/{key}/comments", {"body": "Fine."})


def removes(person: Person, key: str, version: str = "*") -> Request:
    """A request to remove a task."""
    return lambda: person.request("DELETE", f"/tasks/{key}", headers={"If-Match": version})


async def assert_in_order(reader: Person, database: Database) -> None:
    """Check that no two tasks are at one place, and that the history gives what is there."""
    async with database.session(read_only=True) as session:
        places = (await session.execute(select(Task.status, Task.rank))).all()
    assert len(places) == len(set(places))
    state = await state_of(database)
    assert replay(await reader.history()) == state
    listed = await reader.listed()
    assert listed == [key for column in state.columns.values() for key in column]


async def test_tasks_that_are_made_at_once_have_keys_without_gaps(
    people: tuple[Person, ...], own_database: Database
) -> None:
    statuses = await at_once([makes(person, labels=["x"]) for person in people for _ in range(3)])
    assert set(statuses) == {201}
    keys = [f"WEB-{number}" for number in range(1, TODO + 3 * AT_ONCE + 1)]
    assert await people[0].listed(sort="created") == keys
    # Whoever came later is below, too.
    assert await people[0].listed() == keys
    await assert_in_order(people[0], own_database)


async def test_what_is_refused_between_others_takes_no_key(
    people: tuple[Person, ...], own_database: Database
) -> None:
    names = ["p0", "nobody"] * (AT_ONCE // 2)
    requests = [makes(each, assignee=name) for each, name in zip(people, names, strict=True)]
    statuses = await at_once(requests)
    assert statuses == [201, 422] * (AT_ONCE // 2)
    assert await people[0].listed() == [f"WEB-{number}" for number in range(1, TODO + 5)]
    await assert_in_order(people[0], own_database)


async def test_of_many_who_have_seen_one_version_one_changes_it(
    people: tuple[Person, ...], own_database: Database
) -> None:
    for turn in range(ROUNDS):
        seen = await people[0].etag("WEB-1")
        requests = [
            patches(person, "/tasks/WEB-1", {"title": f"{turn} by {person.name}"}, seen)
            for person in people
        ]
        statuses = await at_once(requests)
        assert Counter(statuses) == {200: 1, 412: AT_ONCE - 1}
        winner = people[statuses.index(200)]
        task = await people[0].read("WEB-1")
        assert (task["title"], task["version"]) == (f"{turn} by {winner.name}", turn + 2)
        last = (await people[0].history())[-1]
        assert (last["kind"], last["actor"]) == ("task.changed", winner.name)
    await assert_in_order(people[0], own_database)


async def test_of_many_who_do_different_things_to_one_version_one_does(
    people: tuple[Person, ...], own_database: Database
) -> None:
    for turn in range(ROUNDS):
        key = await people[0].add(f"Turn {turn}")
        version = '"1"'
        requests = [
            patches(people[0], f"/tasks/{key}", {"title": "New"}, version),
            patches(people[1], f"/tasks/{key}", {"assignee": "p1"}, version),
            patches(people[2], f"/tasks/{key}", {"status": "in_progress"}, version),
            moves(people[3], key, version, after=None),
            moves(people[4], key, version, after="WEB-2"),
            moves(people[5], key, version, after=None, status="in_progress"),
            removes(people[6], key, version),
            removes(people[7], key, version),
        ]
        requests = requests[turn * 2 :] + requests[: turn * 2]
        statuses = await at_once(requests)
        answers = Counter(statuses)
        assert answers[200] + answers[204] == 1
        # After a removal there is nothing to have another version.
        assert answers[412 if answers[200] else 404] == AT_ONCE - 1
        (made, done) = await people[0].history(f"/tasks/{key}")
        assert made["kind"] == "task.created"
        assert done["kind"] == ("task.changed" if answers[200] else "task.removed")
    await assert_in_order(people[0], own_database)


async def test_the_board_is_in_order_after_many_moved_at_once(
    people: tuple[Person, ...], own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Columns are then numbered anew every few moves.
    monkeypatch.setattr("app.tasks.ranks.GAP", 4)
    for turn in range(ROUNDS):
        requests: list[Request] = [
            # All to the same place.
            *(moves(people[each], f"WEB-{each + 1}", after=None) for each in range(4)),
            moves(people[4], "WEB-5", after="WEB-1"),
            moves(people[5], "WEB-4", after="WEB-1"),
            moves(people[6], "WEB-3", after="WEB-5"),
            # There, and back.
            moves(people[7], "WEB-2", after=None, status="in_progress"),
            moves(people[0], "WEB-2", after=None, status="todo"),
            makes(people[1]),
        ]
        requests = requests[turn:] + requests[:turn]
        assert set(await at_once(requests)) <= {200, 201, 409}
        await assert_in_order(people[0], own_database)


async def test_a_task_gets_no_subtask_while_it_is_removed(
    people: tuple[Person, ...], own_database: Database
) -> None:
    for _ in range(ROUNDS):
        key = await people[0].add()
        requests = [
            makes(people[1], parent=key),
            removes(people[2], key),
            patches(people[3], "/tasks/WEB-1", {"parent": key}),
            comments(people[4], key),
        ]
        made, removed, changed, commented = await at_once(requests)
        if removed == 204:
            assert (made, changed) == (422, 422)
            assert commented in {201, 404}
        else:
            assert (removed, commented) == (409, 201)
            assert (made, changed) == (201, 200)
        await people[0].change("WEB-1", parent=None)
        await assert_in_order(people[0], own_database)


async def test_no_circle_is_made_by_two_at_once(
    people: tuple[Person, ...], own_database: Database
) -> None:
    for _ in range(ROUNDS):
        statuses = await at_once(
            [
                patches(people[0], "/tasks/WEB-1", {"parent": "WEB-2"}),
                patches(people[1], "/tasks/WEB-2", {"parent": "WEB-1"}),
            ]
        )
        # The second finds that its parent is a part, or that the task has parts.
        assert sorted(statuses) == [200, 422]
        for key in ("WEB-1", "WEB-2"):
            await people[0].change(key, parent=None)
    await assert_in_order(people[0], own_database)


async def test_who_leaves_while_they_are_given_tasks_has_none(
    people: tuple[Person, ...], own_database: Database
) -> None:
    leaver = people[-1]
    requests = [
        *(
            patches(person, f"/tasks/WEB-{number}", {"assignee": leaver.name})
            for number, person in enumerate(people[:TODO], start=1)
        ),
        lambda: leaver.delete(f"/projects/WEB/members/{leaver.name}"),
    ]
    *assigned, left = await at_once(requests)
    assert left == 204
    assert set(assigned) <= {200, 422}
    assert await people[0].listed(assigned=True) == []
    await assert_in_order(people[0], own_database)
