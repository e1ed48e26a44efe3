"""Accepting an invitation: who may, once, and as long as it is open."""

from datetime import timedelta

import pytest
from databases import RolledBack, snapshot
from httpx2 import AsyncClient, Response
from joining import PASSWORD
from people import OWN
from support import PASSWORDS, SECRET, client_of, settings_for
from team import Person, alone, assert_refused, invite, join, team, token_in_mail, took

from app.core.tokens import Tokens
from app.main import create_app

NOT_OPEN = "This invitation is not open: it was accepted or withdrawn. Ask for another."
NO_TOKEN = "is not the token of an invitation: copy all of it from the mail"


@pytest.fixture
async def ada(client: AsyncClient) -> Person:
    """Somebody with a project."""
    return await alone(client)


@pytest.fixture
async def bob(client: AsyncClient) -> Person:
    """Somebody who is invited."""
    return await join(client, "bob")


async def accept(person: Person, token: str) -> Response:
    return await person.post("/invitations/accept", {"token": token})


async def invitation(
    owner: Person, database: RolledBack, email: str = "bob@example.com", role: str = "member"
) -> str:
    """Invite somebody, and return the token."""
    body = {"email": email, "role": role}
    took(await owner.post("/projects/WEB/invitations", body), 201)
    return await token_in_mail(database)


@pytest.mark.parametrize("role", ["viewer", "member", "maintainer", "owner"])
async def test_who_accepts_is_a_member_with_the_role_that_was_offered(
    client: AsyncClient, database: RolledBack, role: str
) -> None:
    ada, bob = await join(client, "ada"), await join(client, "bob")
    made = await ada.start()
    token = await invitation(ada, database, role=role)
    assert_refused(await bob.get("/projects/WEB"), 404, "no_project")
    assert took(await accept(bob, token), 200) == {**made, "role": role}
    assert took(await bob.get("/projects/WEB"), 200) == {**made, "role": role}
    assert await ada.roles() == {"ada": "owner", "bob": role}
    assert await ada.pages("/projects/WEB/invitations") == []
    sent, accepted, joined = (await ada.history())[2:]
    by_bob = {"actor": "bob", "task": None}
    assert accepted == {
        **by_bob,
        "id": 4,
        "at": accepted["at"],
        "kind": "invitation.accepted",
        "subject": sent["subject"],
        "changes": {"role": [role, None]},
    }
    assert joined == {
        **by_bob,
        "id": 5,
        "at": joined["at"],
        "kind": "member.joined",
        "subject": "bob",
        "changes": {"role": [None, role]},
    }


async def test_an_invitation_can_come_before_the_account(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await alone(client)
    token = await invitation(ada, database)
    bob = await join(client, "bob")
    assert (await accept(bob, token)).status_code == 200


async def test_an_invitation_is_accepted_once(
    ada: Person, bob: Person, database: RolledBack
) -> None:
    token = await invitation(ada, database)
    took(await accept(bob, token), 200)
    before = await snapshot(database)
    assert_refused(await accept(bob, token), 404, "no_invitation", NOT_OPEN)
    assert await snapshot(database) == before
    await bob.leave()
    assert_refused(await accept(bob, token), 404, "no_invitation", NOT_OPEN)


async def test_only_who_has_the_address_accepts(client: AsyncClient, database: RolledBack) -> None:
    ada, eve, bob = [await join(client, name) for name in ("ada", "eve", "bob")]
    await ada.start()
    token = await invitation(ada, database)
    before = await snapshot(database)
    sentence = (
        "This invitation was sent to another e-mail address. Sign in with the account that has it,"
        " or ask for an invitation to yours."
    )
    for person in (eve, ada):
        assert_refused(await accept(person, token), 403, "other_address", sentence)
    nobody = await accept(Person(client), token)
    assert_refused(nobody, 401, "not_authenticated")
    assert await snapshot(database) == before
    assert (await accept(bob, token)).status_code == 200


async def test_who_takes_the_address_for_their_account_accepts(
    ada: Person, bob: Person, database: RolledBack
) -> None:
    token = await invitation(ada, database, "robert@example.com")
    assert_refused(await accept(bob, token), 403, "other_address")
    change = {"email": "robert@example.com", "current_password": PASSWORD}
    took(await bob.patch(OWN, change), 200)
    assert (await accept(bob, token)).status_code == 200


async def test_an_invitation_is_good_for_its_lifetime(database: RolledBack) -> None:
    settings = settings_for(invitation_lifetime=timedelta(microseconds=1))
    app = create_app(settings, database=database, passwords=PASSWORDS)
    async with client_of(app) as client:
        ada, bob = await join(client, "ada"), await join(client, "bob")
        await ada.start()
        token = await invitation(ada, database)
        before = await snapshot(database)
        sentence = "The time of this invitation is over. Ask for another."
        assert_refused(await accept(bob, token), 404, "invitation_expired", sentence)
        assert await snapshot(database) == before
        # It is still listed, so that it can be seen and sent again.
        assert len(await ada.pages("/projects/WEB/invitations")) == 1


async def test_nobody_makes_an_invitation_up(
    ada: Person, bob: Person, database: RolledBack
) -> None:
    body = {"email": "bob@example.com"}
    sent = took(await ada.post("/projects/WEB/invitations", body), 201)
    good = await token_in_mail(database)
    head, _, signature = good.split(".")
    ours = Tokens(SECRET, timedelta(hours=1))
    theirs = Tokens("another-secret-of-the-same-length", timedelta(hours=1))
    number = sent["id"]
    bad = {
        "empty": "",
        "garbled": "x.y.z",
        "cut off": good[:-1],
        "signed by somebody else": theirs.issue(inv=number),
        "changed after signing": f"{head}.{ours.issue(inv=number + 1).split('.')[1]}.{signature}",
        "for something else": ours.issue(sub=number, sid=number),
    }
    before = await snapshot(database)
    for token in bad.values():
        assert_refused(await accept(bob, token), 422, "invalid", token=NO_TOKEN)
    of_another = ours.issue(inv=number + 1)
    assert_refused(await accept(bob, of_another), 404, "no_invitation", NOT_OPEN)
    assert await snapshot(database) == before
    assert (await accept(bob, good)).status_code == 200


async def test_who_is_a_member_already_stays_what_they_are(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, bob = await team(client, database, ada="owner", bob="member")
    token = await invitation(ada, database, "robert@example.com", "viewer")
    change = {"email": "robert@example.com", "current_password": PASSWORD}
    took(await bob.patch(OWN, change), 200)
    before = await snapshot(database)
    sentence = "You are a member of this project already."
    assert_refused(await accept(bob, token), 409, "already_member", sentence)
    assert await snapshot(database) == before


async def test_an_invitation_to_a_project_that_was_removed_is_not_open(
    ada: Person, bob: Person, database: RolledBack
) -> None:
    token = await invitation(ada, database)
    assert (await ada.delete("/projects/WEB")).status_code == 204
    before = await snapshot(database)
    assert_refused(await accept(bob, token), 404, "no_invitation", NOT_OPEN)
    assert await snapshot(database) == before


async def test_who_was_removed_comes_back_by_a_new_invitation_only(
    ada: Person, bob: Person, database: RolledBack
) -> None:
    token = await invitation(ada, database, role="owner")
    took(await accept(bob, token), 200)
    assert (await ada.delete("/projects/WEB/members/bob")).status_code == 204
    assert_refused(await accept(bob, token), 404, "no_invitation", NOT_OPEN)
    await invite(ada, database, bob, "viewer")
    assert await bob.roles() == {"ada": "owner", "bob": "viewer"}
