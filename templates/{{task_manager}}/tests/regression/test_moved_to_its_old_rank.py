"""A task that was moved stayed where numbering its column anew had put it.

The column is numbered anew in the database, and the session still knew the old rank of the task. If
the new one happened to be the same, the session saw nothing to write.
"""

from databases import RolledBack
from httpx2 import AsyncClient
from ranking import give_ranks
from team import alone

from app.tasks.ranks import GAP


async def test_a_task_moves_also_if_its_new_rank_is_what_its_old_one_was(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await alone(client, tasks=3)
    # There is no room below the first. Numbered anew it has one gap, and the second has two.
    await give_ranks(database, {1: 0, 2: 1, 3: GAP * 3 // 2})
    await ada.move("WEB-3", "WEB-1")
    assert await ada.listed() == ["WEB-1", "WEB-3", "WEB-2"]
