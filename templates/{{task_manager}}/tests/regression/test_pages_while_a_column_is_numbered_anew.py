"""A task that nobody had moved was shown on two pages of the board.

About 32 moves into one gap use it up, and the column is numbered anew. A cursor had the number that
the last task of its page had before, and the next page began at another place of the column: by the
numbers that the tasks have now.
"""

from databases import RolledBack
from httpx2 import AsyncClient
from sqlalchemy import select
from team import Person, join, took

from app.tasks.models import Task


async def test_what_stays_where_it_is_is_shown_once_while_its_column_is_numbered_anew(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await board(client)
    first = took(await ada.get("/projects/WEB/tasks", limit=2), 200)
    before = await rank_of(database, 2)
    await use_up_the_gap(ada)
    assert await rank_of(database, 2) != before
    assert await ada.listed() == [f"WEB-{number}" for number in (1, 6, 5, 2, 3, 4)]
    second = took(await ada.get("/projects/WEB/tasks", limit=100, cursor=first["next"]), 200)
    shown = [task["key"] for page in (first, second) for task in page["items"]]
    assert shown == [f"WEB-{number}" for number in (1, 2, 3, 4)]


async def test_a_page_goes_on_where_a_task_was_that_was_moved_away(client: AsyncClient) -> None:
    ada = await board(client)
    first = took(await ada.get("/projects/WEB/tasks", limit=2), 200)
    await ada.move("WEB-2", "WEB-5")
    second = took(await ada.get("/projects/WEB/tasks", limit=100, cursor=first["next"]), 200)
    shown = [task["key"] for task in second["items"]]
    assert shown == [f"WEB-{number}" for number in (3, 4, 5, 2, 6)]


async def board(client: AsyncClient) -> Person:
    """Somebody with six tasks in one column."""
    ada = await join(client, "ada")
    await ada.start()
    for _ in range(6):
        await ada.add()
    return ada


async def use_up_the_gap(ada: Person) -> None:
    """Move two tasks into one and the same gap, until there is no room left and more."""
    for _ in range(18):
        await ada.move("WEB-5", "WEB-1")
        await ada.move("WEB-6", "WEB-1")


async def rank_of(database: RolledBack, number: int) -> int:
    """The place of a task in its column."""
    async with database.session(read_only=True) as session:
        return (await session.scalars(select(Task.rank).where(Task.number == number))).one()
