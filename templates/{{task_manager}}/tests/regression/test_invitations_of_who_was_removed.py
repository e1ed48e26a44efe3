"""Invitations outlived the right of whoever had sent them.

An owner invited their second account as an owner and was removed. The second account accepted, and
was an owner; so did one that a maintainer had invited before they became a viewer.
"""

from typing import Any

from databases import RolledBack
from httpx2 import AsyncClient
from team import Person, assert_refused, join, team, token_in_mail, took

OPEN = "/projects/WEB/invitations"


async def invited(person: Person, name: str, role: str) -> str:
    """Invite somebody, and return the number of the invitation."""
    body = {"email": f"{name}@example.com", "role": role}
    return str(took(await person.post(OPEN, body), 201)["id"])


async def newest(person: Person, number: int) -> list[tuple[Any, ...]]:
    """The newest entries of the history: by whom, what, about what, and what it was."""
    entries = (await person.history())[-number:]
    return [
        (each["actor"], each["kind"], each["subject"], each["changes"]["role"]) for each in entries
    ]


async def test_who_was_removed_invites_nobody_any_more(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, eve = await team(client, database, ada="owner", eve="owner")
    second = await join(client, "second")
    number = await invited(eve, "second", "owner")
    token = {"token": await token_in_mail(database)}
    other = await invited(ada, "guest", "owner")
    assert (await ada.delete("/projects/WEB/members/eve")).status_code == 204
    assert_refused(await second.post("/invitations/accept", token), 404, "no_invitation")
    assert await ada.roles() == {"ada": "owner"}
    assert [str(each["id"]) for each in await ada.pages(OPEN)] == [other]
    assert await newest(ada, 2) == [
        ("ada", "invitation.withdrawn", number, ["owner", None]),
        ("ada", "member.left", "eve", ["owner", None]),
    ]


async def test_who_leaves_invites_nobody_any_more(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, mia = await team(client, database, ada="owner", mia="maintainer")
    number = await invited(mia, "guest", "viewer")
    await mia.leave()
    assert await ada.pages(OPEN) == []
    assert await newest(ada, 2) == [
        ("mia", "invitation.withdrawn", number, ["viewer", None]),
        ("mia", "member.left", "mia", ["maintainer", None]),
    ]


async def test_who_becomes_less_offers_only_what_they_can_still_give(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, eve = await team(client, database, ada="owner", eve="owner")
    sent = {role: await invited(eve, role, role) for role in ("owner", "maintainer", "member")}
    kept = await invited(ada, "guest", "owner")
    took(await ada.patch("/projects/WEB/members/eve", {"role": "maintainer"}), 200)
    assert {str(each["id"]) for each in await ada.pages(OPEN)} == {sent["member"], kept}
    entries = await newest(ada, 3)
    assert entries[0] == ("ada", "member.changed", "eve", ["owner", "maintainer"])
    assert {entry[1:3] for entry in entries[1:]} == {
        ("invitation.withdrawn", sent["owner"]),
        ("invitation.withdrawn", sent["maintainer"]),
    }
    took(await ada.patch("/projects/WEB/members/eve", {"role": "viewer"}), 200)
    assert [str(each["id"]) for each in await ada.pages(OPEN)] == [kept]


async def test_who_becomes_more_goes_on_inviting(client: AsyncClient, database: RolledBack) -> None:
    ada, mia = await team(client, database, ada="owner", mia="maintainer")
    number = await invited(mia, "guest", "viewer")
    took(await ada.patch("/projects/WEB/members/mia", {"role": "owner"}), 200)
    assert [str(each["id"]) for each in await ada.pages(OPEN)] == [number]
