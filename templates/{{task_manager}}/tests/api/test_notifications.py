"""Notifications: who gets them, how they are listed, and when they are gone."""

from typing import Any

from databases import RolledBack
from team import Pair, Person, assert_refused, invite, took

MISSING = "There is no notification with this number."


async def told(person: Person, **wanted: Any) -> list[Any]:
    """What somebody was told: why, of which task, the newest first."""
    found = await person.pages("/notifications", **wanted)
    return [(each["reason"], each["task"]) for each in found]


async def test_who_gets_a_task_is_told(pair: Pair) -> None:
    ada, bob = pair
    key = await ada.add("Paint the wall", assignee="BOB")
    (notification,) = await bob.pages("/notifications")
    assert notification == {
        "id": notification["id"],
        "reason": "assigned",
        "actor": "ada",
        "task": key,
        "title": "Paint the wall",
        "comment": None,
        "created_at": notification["created_at"],
        "read": False,
    }
    assert await told(ada) == []


async def test_who_is_given_a_task_later_is_told_once(pair: Pair) -> None:
    ada, bob = pair
    key = await ada.add()
    await ada.change(key, assignee="bob")
    await ada.change(key, assignee="bob", title="Another")
    assert await told(bob) == [("assigned", key)]
    await ada.change(key, assignee=None)
    assert await told(bob) == [("assigned", key)]
    await ada.change(key, assignee="bob")
    assert await told(bob) == [("assigned", key), ("assigned", key)]


async def test_nobody_is_told_what_they_did_themselves(pair: Pair) -> None:
    ada, bob = pair
    key = await bob.add("Mine", assignee="bob")
    await bob.change(key, assignee=None)
    await bob.change(key, assignee="bob")
    assert await told(bob) == []
    assert await told(ada) == []


async def test_the_newest_comes_first_and_in_pages(pair: Pair) -> None:
    ada, bob = pair
    await ada.give("bob", 3)
    await ada.comment("WEB-1", "@bob")
    expected = [("mentioned", "WEB-1"), *(("assigned", f"WEB-{number}") for number in (3, 2, 1))]
    for limit in (1, 2, 3, 4, 5):
        assert await told(bob, limit=limit) == expected


async def test_what_comes_while_somebody_reads_moves_no_page(pair: Pair) -> None:
    ada, bob = pair
    await ada.give("bob", 4)
    everything = await bob.pages("/notifications")
    first = took(await bob.get("/notifications", limit=2), 200)
    await ada.give("bob", 1)
    second = took(await bob.get("/notifications", limit=2, cursor=first["next"]), 200)
    assert first["items"] + second["items"] == everything
    assert second["next"] is None


async def test_who_leaves_no_longer_sees_what_they_were_told(
    pair: Pair, database: RolledBack
) -> None:
    ada, bob = pair
    await ada.give("bob", 1)
    await ada.comment("WEB-1", "@bob")
    found = await bob.notes()
    await bob.leave()
    assert await told(bob) == []
    for number in found:
        response = await bob.patch(f"/notifications/{number}", {"read": True})
        assert_refused(response, 404, "no_notification", MISSING)
    await invite(ada, database, bob)
    assert await bob.notes() == found


async def test_notifications_go_with_the_comment_or_the_task(pair: Pair) -> None:
    ada, bob = pair
    await ada.give("bob", 2)
    comment = await ada.comment("WEB-1", "@bob")
    await ada.comment("WEB-2", "@bob")
    assert (await ada.delete(f"/tasks/WEB-1/comments/{comment['id']}")).status_code == 204
    expected = [("mentioned", "WEB-2"), ("assigned", "WEB-2"), ("assigned", "WEB-1")]
    assert await told(bob) == expected
    await ada.remove("WEB-2")
    assert await told(bob) == [("assigned", "WEB-1")]


async def test_a_notification_has_the_title_that_the_task_has_now(pair: Pair) -> None:
    ada, bob = pair
    await ada.add("Old", assignee="bob")
    await ada.change("WEB-1", title="New")
    assert [each["title"] for each in await bob.pages("/notifications")] == ["New"]
