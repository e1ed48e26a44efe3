"""The history alone gives the state of the tables, whatever happened and however much at once."""

import random
from collections import Counter

import anyio
import pytest
from httpx2 import AsyncClient
from replaying import State, replay, state_of
from sqlalchemy import select
from team import Person, team
from wandering import Wanderer, wander

from app.activity.models import Activity, Kind
from app.core.database import Database
from app.tasks.ranks import GAP

ANSWERS = {200, 201, 204, 403, 404, 409, 422}


async def scene(client: AsyncClient, database: Database) -> list[Person]:
    """A team, and somebody who left it."""
    roles = {"ada": "owner", "bob": "maintainer", "cleo": "member", "dan": "viewer"}
    people = [*await team(client, database, **roles, eve="member")]
    await people[-1].leave()
    for _ in range(4):
        await people[0].add()
    return people


async def replayed(people: list[Person], database: Database) -> tuple[State, State]:
    """What the history gives, and what the tables have."""
    found = await state_of(database)
    return replay(await people[0].history(limit=100)), found


@pytest.mark.parametrize(("seed", "gap"), [(1, GAP), (2, 8), (3, 8)])
async def test_replaying_the_history_gives_the_state_of_the_tables(
    client: AsyncClient,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
    gap: int,
) -> None:
    """With small gaps, columns are numbered anew every few moves, which no entry tells of."""
    monkeypatch.setattr("app.tasks.ranks.GAP", gap)
    people = await scene(client, database)
    wanderer = Wanderer(people, random.Random(seed), database)
    answers: Counter[int] = Counter()
    for _ in range(4):
        answers.update(await wander(wanderer, 100))
        by_history, found = await replayed(people, database)
        assert by_history == found
    # It was no idle walk: everything was done, and also refused.
    assert set(answers) == ANSWERS
    async with database.session(read_only=True) as session:
        kinds = set(await session.scalars(select(Activity.kind)))
    assert kinds == set(Kind) - {Kind.PROJECT_REMOVED}


async def test_nothing_is_lost_and_nothing_out_of_order_when_many_write_at_once(
    own_client: AsyncClient, own_database: Database
) -> None:
    people = await scene(own_client, own_database)
    wanderers = [Wanderer(people, random.Random(seed), own_database) for seed in range(6)]
    answers: Counter[int] = Counter()

    async def write(wanderer: Wanderer) -> None:
        answers.update(await wander(wanderer, 30))

    async with anyio.create_task_group() as group:
        for wanderer in wanderers:
            group.start_soon(write, wanderer)
    assert set(answers) <= ANSWERS
    assert answers[200] + answers[201] + answers[204] >= 30
    by_history, found = await replayed(people, own_database)
    assert by_history == found
