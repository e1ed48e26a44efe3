"""The order of the board: what a move writes, and that it stays right however many there are."""

import random
from collections import Counter

import pytest
from databases import RolledBack, recorded
from httpx2 import AsyncClient
from ranking import give_ranks, ranks
from sqlalchemy import select
from team import Person, alone

from app.tasks.models import Task
from app.tasks.ranks import GAP, GREATEST

Board = dict[str, list[str]]


@pytest.fixture
async def ada(client: AsyncClient) -> Person:
    """Somebody with the tasks WEB-1 to WEB-5 in one column."""
    return await alone(client, tasks=5)


def kinds(statements: list[str]) -> dict[str, int]:
    """How many statements write to which table."""
    words = (statement.split() for statement in statements)
    written = (
        f"{first} {third if first == 'INSERT' else second}" for first, second, third, *_ in words
    )
    return Counter(each for each in written if not each.startswith("SELECT"))


@pytest.mark.parametrize(
    ("after", "status"),
    [
        (None, None),
        ("WEB-1", None),
        ("WEB-5", None),
        (None, "in_progress"),
    ],
)
async def test_a_move_writes_the_one_row_of_what_is_moved(
    ada: Person, database: RolledBack, after: str | None, status: str | None
) -> None:
    before = await ranks(database)
    with recorded(database.engine) as statements:
        await ada.move("WEB-3", after, status)
    assert kinds(statements) == {"UPDATE tasks": 1, "UPDATE projects": 1, "INSERT activity": 1}
    then = await ranks(database)
    assert {number for number, rank in then.items() if rank != before[number]} == {3}


async def test_a_full_gap_is_made_anew_by_one_statement_more(
    ada: Person, database: RolledBack
) -> None:
    await give_ranks(database, {1: 0, 2: 1})
    with recorded(database.engine) as statements:
        await ada.move("WEB-5", "WEB-1")
    assert kinds(statements) == {"UPDATE tasks": 2, "UPDATE projects": 1, "INSERT activity": 1}
    assert await ada.listed() == ["WEB-1", "WEB-5", "WEB-2", "WEB-3", "WEB-4"]
    assert await ranks(database) == {
        1: GAP,
        5: GAP * 3 // 2,
        2: GAP * 2,
        3: GAP * 3,
        4: GAP * 4,
    }


async def test_many_moves_into_one_gap_keep_the_order(ada: Person, database: RolledBack) -> None:
    order = ["WEB-1", "WEB-2", "WEB-3", "WEB-4", "WEB-5"]
    numbered_anew = 0
    for turn in range(80):
        before = await ranks(database)
        # Always right below the first.
        key = order.pop(2 + turn % 3)
        order.insert(1, key)
        await ada.move(key, order[0])
        assert await ada.listed() == order
        then = await ranks(database)
        numbered_anew += sum(rank != before[number] for number, rank in then.items()) > 1
    assert 1 <= numbered_anew <= 3


async def test_only_the_column_that_is_full_is_numbered_anew(
    ada: Person, database: RolledBack
) -> None:
    await ada.change("WEB-5", status="in_progress")
    await ada.start("APP")
    async with database.session(read_only=True) as session:
        rows = select(Task.number, Task.rank, Task.status, Task.version, Task.updated_at)
        before = {row.number: row for row in await session.execute(rows)}
    await give_ranks(database, {1: 0, 2: 1})
    await ada.move("WEB-4", "WEB-1")
    async with database.session(read_only=True) as session:
        then = {row.number: row for row in await session.execute(rows)}
    assert then[5] == before[5]
    # Those that only made room did not change as far as anybody can see.
    for number in (1, 2, 3):
        assert then[number][2:] == before[number][2:]
    assert [then[number].version for number in (1, 2, 3, 4)] == [1, 1, 1, 2]


def neighbour(column: list[str], place: int) -> str | None:
    """What is above a place in a column."""
    return column[place - 1] if place else None


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("gap", "greatest"), [(4, 64), (2, 40)])
async def test_the_board_is_what_lists_of_the_same_moves_are(
    ada: Person, monkeypatch: pytest.MonkeyPatch, seed: int, gap: int, greatest: int
) -> None:
    """With small gaps, columns are full after every few moves, at the ends and in the middle."""
    monkeypatch.setattr("app.tasks.ranks.GAP", gap)
    monkeypatch.setattr("app.tasks.ranks.GREATEST", greatest)
    chance = random.Random(seed)
    for _ in range(3):
        await ada.add()
    ways = {"todo": ["todo", "in_progress"], "in_progress": ["in_progress", "todo"]}
    board: Board = {"todo": [f"WEB-{number}" for number in range(1, 9)], "in_progress": []}
    for _ in range(60):
        key = f"WEB-{chance.randint(1, 8)}"
        source = next(status for status, column in board.items() if key in column)
        target = chance.choices(ways[source], weights=[4, 1])[0]
        board[source].remove(key)
        column = board[target]
        place = chance.choice([0, len(column), min(1, len(column)), chance.randint(0, len(column))])
        await ada.move(key, neighbour(column, place), target)
        column.insert(place, key)
        assert await ada.listed() == board["todo"] + board["in_progress"]


async def test_at_the_limits_there_is_room_after_numbering_anew(
    ada: Person, database: RolledBack
) -> None:
    await give_ranks(database, {1: -GREATEST, 2: -GREATEST + 1, 4: GREATEST - 1, 5: GREATEST})
    assert await ada.listed() == ["WEB-1", "WEB-2", "WEB-3", "WEB-4", "WEB-5"]
    async with database.undone():
        await ada.move("WEB-3", None)
        assert await ada.listed() == ["WEB-3", "WEB-1", "WEB-2", "WEB-4", "WEB-5"]
    async with database.undone():
        await ada.move("WEB-3", "WEB-5")
        assert await ada.listed() == ["WEB-1", "WEB-2", "WEB-4", "WEB-5", "WEB-3"]
    async with database.undone():
        await ada.add()
        assert await ada.listed() == ["WEB-1", "WEB-2", "WEB-3", "WEB-4", "WEB-5", "WEB-6"]
    async with database.undone():
        await ada.move("WEB-1", "WEB-5")
        await ada.move("WEB-5", None)
        assert await ada.listed() == ["WEB-5", "WEB-2", "WEB-3", "WEB-4", "WEB-1"]
    found = await ranks(database)
    assert (min(found.values()), max(found.values())) == (-GREATEST, GREATEST)
