"""Comments: who writes, edits and removes them."""

from databases import RolledBack, snapshot
from httpx2 import AsyncClient
from team import Pair, assert_refused, invite, join, team, took

ON = "/tasks/WEB-1/comments"
MISSING = "There is no comment with this number on this task."
NOT_YOURS = "Only its author can change or remove a comment."


async def test_only_its_author_edits_and_removes_a_comment(
    commenters: Pair, database: RolledBack
) -> None:
    ada, bob = commenters
    comment = await bob.comment("WEB-1", "Fine.")
    path = f"{ON}/{comment['id']}"
    before = await snapshot(database)
    for response in (await ada.patch(path, {"body": "Bad."}), await ada.delete(path)):
        assert_refused(response, 403, "permission_denied", NOT_YOURS)
    assert await snapshot(database) == before
    response = await bob.delete(path)
    assert (response.status_code, response.content) == (204, b"")
    assert await ada.pages(ON) == []
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
    assert await vic.pages(ON) == [comment]


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
    assert await ada.pages(ON) == []


async def test_who_is_not_a_member_finds_no_comments(client: AsyncClient, commenters: Pair) -> None:
    comment = await commenters[0].comment("WEB-1", "Fine.")
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
