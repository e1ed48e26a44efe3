"""Invitations in requests at the same moment, on a database that is committed to."""

from collections import Counter

import pytest
from databases import sizes, snapshot
from httpx2 import AsyncClient
from racing import Request, at_once
from team import Person, alone, join, token_in_mail, took

from app.core.database import Database

AT_ONCE = 8
ROUNDS = 5
OPEN = "/projects/WEB/invitations"


@pytest.fixture
async def ada(own_client: AsyncClient) -> Person:
    """Somebody with a project."""
    return await alone(own_client)


@pytest.fixture
async def bob(own_client: AsyncClient) -> Person:
    """Somebody who is invited."""
    return await join(own_client, "bob")


def inviting(person: Person, role: str = "member") -> Request:
    return lambda: person.post(OPEN, {"email": "bob@example.com", "role": role})


async def accepting(person: Person, database: Database) -> Request:
    body = {"token": await token_in_mail(database)}
    return lambda: person.post("/invitations/accept", body)


async def test_an_invitation_that_is_accepted_many_times_at_once_makes_one_member(
    ada: Person, bob: Person, own_database: Database
) -> None:
    await inviting(ada)()
    statuses = await at_once([await accepting(bob, own_database)] * AT_ONCE)
    assert Counter(statuses) == {200: 1, 404: AT_ONCE - 1}
    assert await ada.roles() == {"ada": "owner", "bob": "member"}
    kinds = [entry["kind"] for entry in await ada.history()]
    assert kinds[2:] == ["invitation.sent", "invitation.accepted", "member.joined"]


async def test_of_many_invitations_of_one_person_at_once_one_is_open(
    ada: Person, own_database: Database
) -> None:
    assert set(await at_once([inviting(ada)] * AT_ONCE)) == {201}
    assert len(await ada.pages(OPEN)) == 1
    assert sizes(await snapshot(own_database))["mails"] == AT_ONCE


async def test_an_invitation_is_accepted_or_withdrawn(
    ada: Person, bob: Person, own_database: Database
) -> None:
    for turn in range(ROUNDS):
        sent = took(await inviting(ada)(), 201)
        accepts = await accepting(bob, own_database)
        path = f"{OPEN}/{sent['id']}"
        requests: list[Request] = [accepts, lambda path=path: ada.delete(path)]  # type: ignore[misc]
        order = (0, 1) if turn % 2 else (1, 0)
        statuses = await at_once([requests[place] for place in order])
        accepted, withdrawn = (statuses[place] for place in order)
        assert (accepted, withdrawn) in {(200, 404), (404, 204)}
        assert ("bob" in await ada.roles()) == (accepted == 200)
        if accepted == 200:
            await bob.leave()


async def test_nobody_joins_a_project_that_is_being_removed(
    ada: Person, bob: Person, own_database: Database
) -> None:
    await inviting(ada)()
    accepts = await accepting(bob, own_database)
    removes: Request = lambda: ada.delete("/projects/WEB")  # noqa: E731
    statuses = await at_once([accepts, removes, accepts])
    assert statuses.pop(1) == 204
    assert set(statuses) <= {200, 404}
    assert await bob.pages("/projects") == []
    assert sizes(await snapshot(own_database))["members"] == 1 + statuses.count(200)


async def test_two_people_who_invite_and_who_accept_at_once_end_in_one_membership(
    ada: Person, bob: Person, own_database: Database
) -> None:
    await inviting(ada, "viewer")()
    accepts = await accepting(bob, own_database)
    statuses = await at_once([accepts, inviting(ada, "member"), accepts, inviting(ada, "member")])
    assert set(statuses) <= {200, 201, 404, 409}
    assert (await ada.roles()).get("bob") == ("viewer" if 200 in statuses else None)
    assert len(await ada.pages(OPEN)) == (0 if 200 in statuses else 1)
