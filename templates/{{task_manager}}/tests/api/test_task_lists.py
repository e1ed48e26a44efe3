"""Lists of tasks: which, in which order, and what is refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from databases import RolledBack
from httpx2 import AsyncClient
from team import Person, alone, team

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


async def scene(client: AsyncClient, database: RolledBack) -> Person:
    """Six tasks that differ in everything that a list can be filtered by."""
    ada, bob, _ = await team(client, database, Ada="owner", bob="member", cleo="viewer")
    await ada.add("One", priority="high", assignee="bob", labels=["x", "y"], due_date="2026-02-01")
    await ada.add("Two", priority="low", labels=["x"], due_date="2026-02-28", parent="WEB-1")
    await bob.add("Three", assignee="Ada", labels=["y z"], due_date="2026-03-01")
    await bob.add("Four", priority="high", assignee="bob", parent="WEB-1")
    await bob.add("Five", labels=["X"], due_date="2026-02-28", parent="WEB-3")
    await ada.add("Six", priority="urgent", assignee="cleo")
    await ada.change("WEB-1", status="in_progress")
    await ada.change("WEB-4", status="in_progress")
    return ada


EVERYTHING = [2, 3, 5, 6, 1, 4]
FILTERS: list[tuple[dict[str, Any], list[int]]] = [
    ({}, EVERYTHING),
    ({"status": "todo"}, [2, 3, 5, 6]),
    ({"status": "in_progress"}, [1, 4]),
    ({"status": "done"}, []),
    ({"status": ["todo", "done"]}, [2, 3, 5, 6]),
    ({"status": ["in_progress", "todo"]}, EVERYTHING),
    ({"priority": "low"}, [2]),
    ({"priority": "normal"}, [3, 5]),
    ({"priority": "high"}, [1, 4]),
    ({"priority": "urgent"}, [6]),
    ({"priority": ["urgent", "low", "low"]}, [2, 6]),
    ({"assignee": "bob"}, [1, 4]),
    ({"assignee": "BOB"}, [1, 4]),
    ({"assignee": "ada"}, [3]),
    ({"assignee": "nobody"}, []),
    ({"assignee": ""}, []),
    ({"assigned": True}, [3, 6, 1, 4]),
    ({"assigned": False}, [2, 5]),
    ({"author": "ADA"}, [2, 6, 1]),
    ({"author": "bob"}, [3, 5, 4]),
    ({"author": "cleo"}, []),
    ({"label": "x"}, [2, 1]),
    ({"label": "X"}, [5]),
    ({"label": "y"}, [1]),
    ({"label": "y z"}, [3]),
    ({"label": "z"}, []),
    ({"label": ""}, []),
    ({"label": "x,y"}, []),
    ({"label": ["x", "y"]}, [2, 1]),
    ({"label": ["y z", "X", "z"]}, [3, 5]),
    ({"parent": "WEB-1"}, [2, 4]),
    ({"parent": "WEB-3"}, [5]),
    ({"parent": "WEB-2"}, []),
    ({"subtask": True}, [2, 5, 4]),
    ({"subtask": False}, [3, 6, 1]),
    ({"due_from": "2026-02-28"}, [2, 3, 5]),
    ({"due_from": "2026-03-01"}, [3]),
    ({"due_from": "2026-03-02"}, []),
    ({"due_until": "2026-02-28"}, [2, 5, 1]),
    ({"due_until": "2026-02-01"}, [1]),
    ({"due_until": "2026-01-31"}, []),
    ({"due_from": "2026-02-02", "due_until": "2026-02-28"}, [2, 5]),
    ({"due_from": "2026-03-01", "due_until": "2026-02-01"}, []),
    ({"q": "three"}, [3]),
    ({"status": "todo", "label": "x"}, [2]),
    ({"status": "todo", "assignee": "bob"}, []),
    ({"author": "bob", "assignee": "bob"}, [4]),
    ({"author": "ada", "assigned": True}, [6, 1]),
    ({"priority": "high", "subtask": True}, [4]),
    ({"assignee": "bob", "assigned": False}, []),
    ({"parent": "WEB-1", "subtask": False}, []),
    ({"parent": "WEB-1", "q": "two", "label": "x", "status": "todo"}, [2]),
    (
        {"status": "in_progress", "priority": "high", "assignee": "bob", "assigned": True}
        | {"author": "ada", "label": "x", "subtask": False, "due_from": "2026-02-01"}
        | {"due_until": "2026-02-01", "q": "one"},
        [1],
    ),
]


async def test_filters_are_met_alone_and_together(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await scene(client, database)
    found = [(wanted, await ada.listed(**wanted)) for wanted, _ in FILTERS]
    assert found == [
        (wanted, [f"WEB-{number}" for number in numbers]) for wanted, numbers in FILTERS
    ]


async def test_filters_are_met_in_pages_and_in_every_sort(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await scene(client, database)
    for wanted, numbers in FILTERS:
        for sort in ("-updated", "priority", "due"):
            found = await ada.listed(**wanted, sort=sort, limit=1)
            assert sorted(found) == [f"WEB-{number}" for number in sorted(numbers)], (wanted, sort)


async def test_a_list_has_the_tasks_of_one_project(client: AsyncClient) -> None:
    ada = await alone(client)
    await ada.start("APP")
    await ada.add("Dragon", labels=["x"])
    await ada.add("Dragon", labels=["x"], project="APP")
    for wanted in ({}, {"label": "x"}, {"q": "dragon"}, {"author": "ada"}, {"status": "todo"}):
        assert await ada.listed("WEB", **wanted) == ["WEB-1"]
        assert await ada.listed("APP", **wanted) == ["APP-1"]


# By what, how that is before and after, and the tasks in that order.
SORTS = {
    "position": [3, 1, 6, 4, 2, 5],
    "created": [1, 2, 3, 4, 5, 6],
    "-created": [6, 5, 4, 3, 2, 1],
    "updated": [3, 6, 1, 4, 2, 5],
    "-updated": [5, 2, 4, 1, 6, 3],
    "priority": [2, 5, 1, 4, 6, 3],
    "-priority": [3, 6, 4, 1, 5, 2],
    # What is never due comes last, both ways.
    "due": [4, 2, 6, 1, 3, 5],
    "-due": [1, 6, 2, 4, 5, 3],
}


async def test_each_sort_has_its_order_both_ways_and_ties_are_in_that_of_numbers(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [BEGIN]
    monkeypatch.setattr("app.tasks.service.now", lambda: clock[0])
    ada = await alone(client)
    for priority, due_date in (
        ("normal", "2026-03-01"),
        ("low", "2026-02-01"),
        ("urgent", None),
        ("normal", "2026-01-01"),
        ("low", None),
        ("high", "2026-02-01"),
    ):
        await ada.add(priority=priority, due_date=due_date)
    # All at the same moment so far. Of the others, two and two are changed at the same moment.
    clock[0] += timedelta(milliseconds=1)
    await ada.move("WEB-4", "WEB-6")
    await ada.move("WEB-1", "WEB-3")
    clock[0] += timedelta(milliseconds=1)
    await ada.change("WEB-2", status="in_progress")
    await ada.change("WEB-5", status="in_progress")
    found = {sort: await ada.listed(sort=sort) for sort in SORTS}
    assert found == {sort: [f"WEB-{each}" for each in order] for sort, order in SORTS.items()}
    assert await ada.listed() == found["position"]


async def test_the_board_is_sorted_by_columns_from_left_to_right(client: AsyncClient) -> None:
    ada = await alone(client, tasks=4)
    for key, statuses in (
        ("WEB-1", ("in_progress", "in_review", "done")),
        ("WEB-2", ("in_progress", "in_review")),
        ("WEB-3", ("in_progress",)),
    ):
        for status in statuses:
            await ada.change(key, status=status)
    assert await ada.listed() == ["WEB-4", "WEB-3", "WEB-2", "WEB-1"]
