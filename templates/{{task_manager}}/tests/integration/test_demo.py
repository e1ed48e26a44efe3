"""What is in the demo."""

from typing import Any

import pytest
from commanding import call
from databases import RolledBack, sizes, snapshot, visit
from httpx2 import AsyncClient
from joining import log_in
from people import token_of
from team import Person

from app import demo


def test_seeding_writes_as_many_tasks_as_were_asked_for(own: str) -> None:
    result = call("seed", "--tasks", "7")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-2] == "Made 5 users and 7 tasks. Sign in with:"
    found = sizes(visit(own, snapshot))
    assert (found["users"], found["members"], found["projects"], found["tasks"]) == (5, 5, 1, 7)


@pytest.mark.parametrize("tasks", ["0", "x", "100001"])
def test_an_impossible_number_of_tasks_is_refused(tasks: str) -> None:
    assert call("seed", "--tasks", tasks).exit_code == 2


def test_a_demo_of_one_task_has_no_subtasks(own: str) -> None:
    assert call("seed", "--tasks", "1").exit_code == 0
    assert sizes(visit(own, snapshot))["tasks"] == 1


async def seen(client: AsyncClient) -> list[Any]:
    """All that the demo's user sees, without times and numbers, which are those of its making."""
    person = Person(client, "demo", token_of(await log_in(client, demo.EMAIL, demo.PASSWORD)))
    found: list[Any] = await person.pages("/projects")
    found += await person.pages("/projects/WEB/members")
    found += await person.pages("/projects/WEB/tasks")
    for entry in await person.history():
        entry["changes"].pop("due_date", None)
        found.append(entry)
    moments = {"id", "at", "created_at", "updated_at", "joined_at", "subject", "due_date"}
    return [{key: value for key, value in each.items() if key not in moments} for each in found]


async def test_the_demo_is_the_same_each_time(client: AsyncClient, database: RolledBack) -> None:
    both = []
    for _ in range(2):
        async with database.undone():
            async with database.session() as session:
                assert not await demo.is_there(session)
                numbers = [number async for number in demo.fill(session, tasks=12)]
                assert await demo.is_there(session)
                await session.commit()
            both.append(await seen(client))
    assert numbers == list(range(12))
    assert both[0] == both[1]


def test_titles_never_repeat_however_many_there_are() -> None:
    titles = [demo._subject(number)[0] for number in range(1000)]
    assert len(set(titles)) == 1000
    assert titles[0] == "Draft the start page"
    assert titles[-1].endswith(", round 21")
