"""Invitations: which roles send them, and what these offer."""

import pytest
from databases import RolledBack, snapshot
from httpx2 import AsyncClient, Response
from team import Person, assert_refused, team, took

OPEN = "/projects/WEB/invitations"


async def inviting(person: Person, role: str) -> Response:
    """Invite a stranger to be something."""
    return await person.post(OPEN, {"email": f"{role}@example.com", "role": role})


async def test_a_maintainer_invites_viewers_and_members_only(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, mia = await team(client, database, ada="owner", mia="maintainer")
    for role in ("viewer", "member"):
        assert (await inviting(mia, role)).status_code == 201
    before = await snapshot(database)
    for role in ("maintainer", "owner"):
        response = await inviting(mia, role)
        a_role = {"maintainer": "a maintainer", "owner": "an owner"}[role]
        sentence = (
            f"You are a maintainer in this project, and do not decide who is {a_role}. Ask an"
            " owner."
        )
        assert_refused(response, 403, "permission_denied", sentence)
    assert await snapshot(database) == before
    for role in ("maintainer", "owner"):
        assert (await inviting(ada, role)).status_code == 201


async def test_a_maintainer_takes_back_and_replaces_what_they_could_give_only(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, mia = await team(client, database, ada="owner", mia="maintainer")
    offered = {role: took(await inviting(ada, role), 201) for role in ("owner", "viewer")}
    before = await snapshot(database)
    instead = {"email": offered["owner"]["email"], "role": "viewer"}
    for response in (
        await mia.delete(f"{OPEN}/{offered['owner']['id']}"),
        await mia.post(OPEN, instead),
    ):
        sentence = (
            "You are a maintainer in this project, and do not decide who is an owner. Ask an owner."
        )
        assert_refused(response, 403, "permission_denied", sentence)
    assert await snapshot(database) == before
    assert (await mia.delete(f"{OPEN}/{offered['viewer']['id']}")).status_code == 204
    assert (await ada.post(OPEN, instead)).status_code == 201


@pytest.mark.parametrize("role", ["member", "viewer"])
async def test_others_have_nothing_to_do_with_invitations(
    client: AsyncClient, database: RolledBack, role: str
) -> None:
    ada, bob = await team(client, database, ada="owner", bob=role)
    invitation = took(await inviting(ada, "owner"), 201)
    before = await snapshot(database)
    sentence = f"You are a {role} in this project; this takes a maintainer. Ask an owner."
    for response in (
        await bob.get(OPEN),
        await inviting(bob, "viewer"),
        await bob.delete(f"{OPEN}/{invitation['id']}"),
    ):
        assert_refused(response, 403, "permission_denied", sentence)
    assert await snapshot(database) == before
