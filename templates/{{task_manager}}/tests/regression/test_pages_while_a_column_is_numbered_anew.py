"""A task that nobody had moved was shown on two pages of the board.

About 32 moves into one gap use it up, and the column is numbered anew. A cursor had the number that
the last task of its page had before, and the next page began at another place of the column: by the
numbers that the tasks have now.
"""

from databases import RolledBack
from httpx2 import AsyncClient
from ranking import ranks
from team import Person, alone, took


async def test_what_stays_where_it_is_is_shown_once_while_its_column_is_numbered_anew(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await alone(client, tasks=6)
    first = took(await ada.get("/projects/WEB/tasks", limit=2), 200)
    before = (await ranks(database))[2]
    await use_up_the_gap(ada)
    assert (await ranks(database))[2] != before
    assert await ada.listed() == [f"WEB-{number}" for number in (1, 6, 5, 2, 3, 4)]
    second = took(await ada.get("/projects/WEB/tasks", limit=100, cursor=first["next"]), 200)
    shown = [task["key"] for page in (first, second) for task in page["items"]]
    assert shown == [f"WEB-{number}" for number in (1, 2, 3, 4)]


async def test_a_page_goes_on_where_a_task_was_that_was_moved_away(client: AsyncClient) -> None:
    ada = await alone(client, tasks=6)
    first = took(await ada.get("/projects/WEB/tasks", limit=2), 200)
    await ada.move("WEB-2", "WEB-5")
    second = took(await ada.get("/projects/WEB/tasks", limit=100, cursor=first["next"]), 200)
    shown = [task["key"] for task in second["items"]]
    assert shown == [f"WEB-{number}" for number in (3, 4, 5, 2, 6)]


async def use_up_the_gap(ada: Person) -> None:
    """Move two tasks into one and the same gap, until there is no room left and more."""
    for _ in range(18):
        await ada.move("WEB-5", "WEB-1")
        await ada.move("WEB-6", "WEB-1")
