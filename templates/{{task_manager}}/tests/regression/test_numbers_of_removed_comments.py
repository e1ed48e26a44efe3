"""The number of a removed comment was given to the next one, on SQLite.

The history then told of two comments under one number, and an address that somebody had kept led to
a comment that somebody else had written later.
"""

from databases import RolledBack
from httpx2 import AsyncClient
from team import team


async def test_no_comment_has_the_number_of_one_that_was_removed(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, bob = await team(client, database, ada="owner", bob="member")
    await ada.add()
    numbers = []
    for _ in range(3):
        numbers.append((await ada.comment("WEB-1", "Look, @bob."))["id"])
        assert (await ada.delete(f"/tasks/WEB-1/comments/{numbers[-1]}")).status_code == 204
    assert numbers == sorted(set(numbers))
    added = [entry["subject"] for entry in await ada.history() if entry["kind"] == "comment.added"]
    assert added == [str(number) for number in numbers]
    assert await bob.pages("/notifications") == []


async def test_no_notification_has_the_number_of_one_that_is_gone(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, bob = await team(client, database, ada="owner", bob="member")
    numbers = []
    for _ in range(3):
        key = await ada.add(assignee="bob")
        numbers += await bob.notes()
        await ada.remove(key)
    assert len(numbers) == 3
    assert numbers == sorted(set(numbers))
