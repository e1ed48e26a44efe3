"""Mentions in comments: who is told of them, and who is not."""

from typing import Any

from databases import RolledBack
from httpx2 import AsyncClient
from joining import register
from people import token_of
from team import Person, alone, invite, join, team, took

ON = "/tasks/WEB-1/comments"


async def mentions(person: Person) -> list[Any]:
    """The numbers of the comments that somebody was told to be mentioned in."""
    return [each["comment"] for each in await person.pages("/notifications")]


async def test_a_member_is_told_of_a_mention_and_nobody_else(
    client: AsyncClient, database: RolledBack
) -> None:
    people = await team(client, database, ada="owner", bob="viewer", cem="member")
    await people[0].add()
    comment = await people[0].comment("WEB-1", "@BOB, look at this, and @bob, look again.")
    assert [await mentions(person) for person in people] == [[], [comment["id"]], []]


async def test_several_members_are_told_at_once(client: AsyncClient, database: RolledBack) -> None:
    people = await team(client, database, ada="owner", bob="viewer", cem="member", dan="member")
    await people[0].add()
    comment = await people[2].comment("WEB-1", "@ada @bob @nobody")
    number = comment["id"]
    assert [await mentions(person) for person in people] == [[number], [number], [], []]


async def test_the_longest_name_is_meant_with_its_spaces_and_dots(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await alone(client, tasks=1)
    people = []
    for number, name in enumerate(("Bob", "Bob Ross", "bob.r")):
        response = await register(client, name, email=f"guest{number}@example.com")
        people.append(Person(client, f"guest{number}", token_of(response)))
        await invite(ada, database, people[-1])
    texts = ("@bob ross.", "@bob.", "@BOB.R", "@bob rossi", "x@bob.r")
    ids = [(await ada.comment("WEB-1", text))["id"] for text in texts]
    assert [await mentions(person) for person in people] == [[ids[3], ids[1]], [ids[0]], [ids[2]]]


async def test_nobody_is_told_what_they_wrote_themselves(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, bob = await team(client, database, ada="owner", bob="member")
    await ada.add()
    comment = await bob.comment("WEB-1", "I, @bob, ask @ada.")
    assert (await mentions(ada), await mentions(bob)) == ([comment["id"]], [])


async def test_who_is_not_a_member_is_not_told(client: AsyncClient, database: RolledBack) -> None:
    ada, bob = await team(client, database, ada="owner", bob="member")
    eve = await join(client, "eve")
    await eve.start("EVE")
    await ada.add()
    await bob.leave()
    comment = await ada.comment("WEB-1", "@eve @bob @ada")
    assert (await mentions(eve), await mentions(bob)) == ([], [])
    # Not even when they come later, or come back; then an edit tells them.
    for person in (eve, bob):
        await invite(ada, database, person)
        assert await mentions(person) == []
    number = comment["id"]
    await ada.patch(f"{ON}/{number}", {"body": "@eve @bob @ada, again"})
    assert (await mentions(eve), await mentions(bob)) == ([number], [number])


async def test_an_edit_tells_those_who_were_not_told_before(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, bob, cem = await team(client, database, ada="owner", bob="member", cem="member")
    await ada.add()
    comment = await ada.comment("WEB-1", "@bob")
    path, number = f"{ON}/{comment['id']}", comment["id"]
    told = []
    for body in ("@bob and @cem", "@cem", "nobody", "@Cem again"):
        took(await ada.patch(path, {"body": body}), 200)
        told.append((await mentions(bob), await mentions(cem)))
    once = ([number], [number])
    assert told == [once] * 4
    # Not by what they have read, either.
    (note,) = await bob.pages("/notifications")
    await bob.patch(f"/notifications/{note['id']}", {"read": True})
    await ada.patch(path, {"body": "@bob!"})
    assert await mentions(bob) == [number]


async def test_in_code_nobody_is_mentioned(client: AsyncClient, database: RolledBack) -> None:
    ada, bob, cem = await team(client, database, ada="owner", bob="member", cem="member")
    await ada.add()
    comment = await ada.comment("WEB-1", "`@bob` is a decorator.\n\n```\n@cem\n```\n\n    @cem")
    assert (await mentions(bob), await mentions(cem)) == ([], [])
    number = comment["id"]
    await ada.patch(f"{ON}/{number}", {"body": "`@bob` is not `@cem`, @bob."})
    assert (await mentions(bob), await mentions(cem)) == ([number], [])


async def test_what_a_mention_says(client: AsyncClient, database: RolledBack) -> None:
    ada, bob = await team(client, database, ada="owner", bob="member")
    await ada.add("Paint the wall")
    comment = await ada.comment("WEB-1", "@bob?")
    (notification,) = await bob.pages("/notifications")
    assert notification == {
        "id": notification["id"],
        "reason": "mentioned",
        "actor": "ada",
        "task": "WEB-1",
        "title": "Paint the wall",
        "comment": comment["id"],
        "created_at": notification["created_at"],
        "read": False,
    }
