"""Notifications that were read: one is marked, or some."""

from typing import Any

import pytest
from databases import RolledBack, snapshot
from httpx2 import AsyncClient
from team import Pair, Person, assert_refused, invite, join, took

MISSING = "There is no notification with this number."


async def test_one_is_marked_as_read_and_as_unread(pair: Pair) -> None:
    ada, bob = pair
    await ada.give("bob", 3)
    newest, middle, oldest = await bob.pages("/notifications")
    path = f"/notifications/{middle['id']}"
    for _ in "12":
        assert took(await bob.patch(path, {"read": True}), 200) == {**middle, "read": True}
    assert await bob.pages("/notifications") == [newest, {**middle, "read": True}, oldest]
    assert await bob.pages("/notifications", read=True) == [{**middle, "read": True}]
    assert await bob.pages("/notifications", read=False) == [newest, oldest]
    assert await bob.pages("/notifications", read=False, limit=1) == [newest, oldest]
    for _ in "12":
        assert took(await bob.patch(path, {"read": False}), 200) == middle
    assert await bob.pages("/notifications") == [newest, middle, oldest]


async def test_those_that_somebody_lists_are_marked_as_read_and_no_others(pair: Pair) -> None:
    ada, bob = pair
    await ada.give("bob", 4)
    await bob.add("Hers", assignee="ada")
    (hers,) = await ada.notes()
    newest, second, third, oldest = await bob.notes()
    await bob.patch(f"/notifications/{oldest}", {"read": True})
    for marked in (2, 0):
        # To JSON 3.0 is a whole number too.
        listed = {"read": [float(third), newest, newest, oldest, hers, 2**53 - 1]}
        assert took(await bob.patch("/notifications", listed), 200) == {"marked": marked}
    assert await bob.notes(read=False) == [second]
    assert await bob.notes(read=True) == [newest, third, oldest]
    assert await ada.notes(read=False) == [hers]


async def test_each_page_says_how_many_are_unread(pair: Pair, database: RolledBack) -> None:
    ada, bob = pair

    async def unread(person: Person, **wanted: Any) -> int:
        return int(took(await person.get("/notifications", **wanted), 200)["unread"])

    assert await unread(bob) == 0
    await ada.give("bob", 3)
    newest, *_ = await bob.notes()
    await bob.patch(f"/notifications/{newest}", {"read": True})
    for wanted in ({}, {"limit": 1}, {"read": True}, {"read": False}):
        assert await unread(bob, **wanted) == 2, wanted
    assert await unread(ada) == 0
    await bob.leave()
    assert await unread(bob) == 0
    await invite(ada, database, bob)
    assert await unread(bob) == 2


async def test_those_of_others_are_not_found(
    client: AsyncClient, pair: Pair, database: RolledBack
) -> None:
    ada, bob = pair
    await ada.give("bob", 1)
    (number,) = await bob.notes()
    eve = await join(client, "eve")
    before = await snapshot(database)
    for person, wanted in ((ada, number), (eve, number), (bob, number + 1), (bob, 2**63 - 1)):
        response = await person.patch(f"/notifications/{wanted}", {"read": True})
        assert_refused(response, 404, "no_notification", MISSING)
    assert await snapshot(database) == before


async def test_what_somebody_cannot_see_is_not_marked(pair: Pair, database: RolledBack) -> None:
    ada, bob = pair
    await ada.give("bob", 1)
    (number,) = await bob.notes()
    await bob.leave()
    answer = await bob.patch("/notifications", {"read": [number]})
    assert took(answer, 200) == {"marked": 0}
    await invite(ada, database, bob)
    assert await bob.notes(read=False) == [number]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "/notifications/1", {}),
        ("PATCH", "/notifications/1", {"read": "perhaps"}),
        ("PATCH", "/notifications/0", {"read": True}),
        ("PATCH", "/notifications/x", {"read": True}),
        ("PATCH", "/notifications", {}),
        ("PATCH", "/notifications", {"read": []}),
        ("PATCH", "/notifications", {"read": True}),
        ("PATCH", "/notifications", {"read": [0]}),
        ("PATCH", "/notifications", {"read": [2**53]}),
        ("PATCH", "/notifications", {"read": [1], "read_until": 1}),
        ("GET", "/notifications?read=perhaps", None),
        ("GET", "/notifications?limit=101", None),
        ("GET", "/notifications?cursor=WzBd", None),
    ],
)
async def test_a_mark_that_cannot_be_is_refused(
    pair: Pair, database: RolledBack, method: str, path: str, body: Any
) -> None:
    ada, bob = pair
    await ada.give("bob", 1)
    before = await snapshot(database)
    response = await bob.request(method, path, **({} if body is None else {"json": body}))
    assert response.status_code == 422, response.text
    assert await snapshot(database) == before
