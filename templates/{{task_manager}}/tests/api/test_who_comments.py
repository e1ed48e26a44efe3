"""Comments: who writes, edits and removes them."""

from typing import Any

import pytest
from databases import RolledBack, snapshot
from httpx2 import AsyncClient
from team import Person, assert_refused, invite, join, team, took

ON = "/tasks/WEB-1/comments"
MISSING = "There is no comment with this number on this task."
NOT_YOURS = "Only its author can change or remove a comment."

Team = tuple[Person, Person]


@pytest.fixture
async def pair(client: AsyncClient, database: RolledBack) -> Team:
    """An owner and a member, and a task."""
    ada, bob = await team(client, database, ada="owner", bob="member")
    await ada.add()
    return ada, bob


async def comments(person: Person) -> list[dict[str, Any]]:
    return await person.pages(ON)


async def test_only_its_author_edits_and_removes_a_comment(
    pair: Team, database: RolledBack
) -> None:
    ada, bob = pair
    comment = await bob.comment("WEB-1", "Fine.")
    path = f"{ON}/{comment['id']}"
    before = await snapshot(database)
    for response in (await ada.patch(path, {"body": "Bad."}), await ada.delete(path)):
        assert_refused(response, 403, "permission_denied", NOT_YOURS)
    assert await snapshot(database) == before
    response = await bob.delete(path)
    assert (response.status_code, response.content) == (204, b"")
    assert await comments(ada) == []
    for response in (await bob.patch(path, {"body": "Bad."}), await bob.delete(path)):
        assert_refused(response, 404, "no_comment", MISSING)


async def test_viewers_read_comments_and_write_none(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, vic = await team(client, database, ada="owner", vic="viewer")
    await ada.add()
    comment = await ada.comment("WEB-1", "Fine.")
    before = await snapshot(database)
    sentence = (
        "You are a viewer in this project; this takes a member. Ask an owner or a maintainer."
    )
    refused = await vic.post(ON, {"body": "More."})
    assert_refused(refused, 403, "permission_denied", sentence)
    assert await snapshot(database) == before
    assert await comments(vic) == [comment]


async def test_authors_change_and_remove_comments_also_where_they_may_not_write_any_more(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, vic = await team(client, database, ada="owner", vic="member")
    await ada.add()
    comment = await vic.comment("WEB-1", "Fine.")
    path = f"{ON}/{comment['id']}"
    assert (await ada.patch("/projects/WEB/members/vic", {"role": "viewer"})).status_code == 200
    assert took(await vic.patch(path, {"body": "Better."}), 200)["body"] == "Better."
    await vic.leave()
    assert_refused(await vic.patch(path, {"body": "Best."}), 404, "no_task")
    assert_refused(await vic.delete(path), 404, "no_task")
    await invite(ada, database, vic, "viewer")
    assert (await vic.delete(path)).status_code == 204
    assert await comments(ada) == []


async def test_who_is_not_a_member_finds_no_comments(client: AsyncClient, pair: Team) -> None:
    comment = await pair[0].comment("WEB-1", "Fine.")
    eve = await join(client, "eve")
    path = f"{ON}/{comment['id']}"
    for response in (
        await eve.get(ON),
        await eve.post(ON, {"body": "x"}),
        await eve.get(path),
        await eve.patch(path, {"body": "x"}),
        await eve.delete(path),
    ):
        assert_refused(response, 404, "no_task", "There is no task with this key.")
