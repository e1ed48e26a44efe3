"""Invitations: sending them, listing them, taking them back."""

from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

import pytest
from databases import RolledBack, snapshot
from httpx2 import AsyncClient
from sqlalchemy import select
from support import PASSWORDS, client_of, settings_for
from team import Person, alone, assert_refused, join, team, token_in_mail, took

from app.mail.models import Mail
from app.main import create_app

OPEN = "/projects/WEB/invitations"
NO_INVITATION = "There is no open invitation with this number in this project."

TEXT = """\
Hello,

ada invites you to the project The {{website}} (WEB), as maintainer.

To accept, open this address, and sign in or register with this e-mail address:

    https://tasks.example.com/invitation#{token}

It is good until {until}. Whoever works with the API itself sends the part after the # as `token` to
POST /api/invitations/accept.

If you do not know what this is about, do nothing.
"""


async def mails(database: RolledBack) -> list[Mail]:
    async with database.session() as session:
        return list(await session.scalars(select(Mail).order_by(Mail.id)))


async def invited(person: Person, email: str, role: str = "member") -> dict[str, Any]:
    return took(await person.post(OPEN, {"email": email, "role": role}), 201)


async def test_an_invitation_is_shown_to_who_sends_it(client: AsyncClient) -> None:
    ada = await alone(client)
    invitation = took(await ada.post(OPEN, {"email": "Bob@Example.com"}), 201)
    assert invitation == {
        "id": invitation["id"],
        "email": "bob@example.com",
        "role": "member",
        "invited_by": "ada",
        "created_at": invitation["created_at"],
        "expires_at": invitation["expires_at"],
    }
    created, expires = (
        datetime.fromisoformat(invitation[name]) for name in invitation if "_at" in name
    )
    assert expires - created == timedelta(days=7)
    assert took(await ada.get(OPEN), 200) == {"items": [invitation], "next": None}


async def test_an_invitation_is_a_mail_with_a_link(database: RolledBack) -> None:
    settings = settings_for(front_end_url="https://tasks.example.com/")
    app = create_app(settings, database=database, passwords=PASSWORDS)
    async with client_of(app) as client:
        ada = await join(client, "ada")
        await ada.start("WEB", name="The {website}")
        invitation = await invited(ada, "bob@example.com", "maintainer")
    (mail,) = await mails(database)
    token = await token_in_mail(database)
    until = f"{datetime.fromisoformat(invitation['expires_at']):%Y-%m-%d %H:%M} UTC"
    assert (mail.recipient, mail.subject, mail.text) == (
        "bob@example.com",
        "ada invites you to The {website}",
        TEXT.format(token=token, until=until),
    )
    assert token.count(".") == 2


async def test_the_history_does_not_tell_members_whom_a_mail_went_to(client: AsyncClient) -> None:
    ada = await alone(client)
    invitation = await invited(ada, "bob@example.com", "viewer")
    assert (await ada.delete(f"{OPEN}/{invitation['id']}")).status_code == 204
    sent, withdrawn = (await ada.history())[2:]
    about = {"actor": "ada", "task": None, "subject": str(invitation["id"])}
    assert sent == {
        **about,
        "id": 3,
        "at": sent["at"],
        "kind": "invitation.sent",
        "changes": {"role": [None, "viewer"]},
    }
    assert withdrawn == {
        **about,
        "id": 4,
        "at": withdrawn["at"],
        "kind": "invitation.withdrawn",
        "changes": {"role": ["viewer", None]},
    }


async def test_a_list_has_all_open_invitations_of_one_project_from_the_oldest_on(
    client: AsyncClient,
) -> None:
    ada = await alone(client)
    await ada.start("OPS")
    took(await ada.post("/projects/OPS/invitations", {"email": "ops@example.com"}), 201)
    sent = [await invited(ada, f"{name}@example.com") for name in ("a", "b", "c", "d", "e")]
    # In one millisecond there can be several.
    sent.sort(key=itemgetter("created_at", "id"))
    for limit in (1, 2, 5, 6):
        assert await ada.pages(OPEN, limit=limit) == sent


async def test_an_invitation_again_takes_the_place_of_the_first(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, bob = await join(client, "ada"), await join(client, "bob")
    await ada.start()
    first = await invited(ada, "bob@example.com", "owner")
    old = await token_in_mail(database)
    second = await invited(ada, "BOB@example.com", "viewer")
    assert first["id"] != second["id"]
    assert await ada.pages(OPEN) == [second]
    entries = [(each["kind"], each["subject"], each["changes"]) for each in await ada.history()]
    assert entries[2:] == [
        ("invitation.sent", str(first["id"]), {"role": [None, "owner"]}),
        ("invitation.withdrawn", str(first["id"]), {"role": ["owner", None]}),
        ("invitation.sent", str(second["id"]), {"role": [None, "viewer"]}),
    ]
    assert_refused(await bob.post("/invitations/accept", {"token": old}), 404, "no_invitation")
    new = {"token": await token_in_mail(database)}
    assert took(await bob.post("/invitations/accept", new), 200)["role"] == "viewer"


async def test_an_invitation_that_was_withdrawn_is_not_open(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, bob = await join(client, "ada"), await join(client, "bob")
    await ada.start()
    invitation = await invited(ada, "bob@example.com")
    path = f"{OPEN}/{invitation['id']}"
    assert (await ada.delete(path)).status_code == 204
    assert await ada.pages(OPEN) == []
    assert_refused(await ada.delete(path), 404, "no_invitation", NO_INVITATION)
    token = {"token": await token_in_mail(database)}
    assert_refused(await bob.post("/invitations/accept", token), 404, "no_invitation")
    assert await ada.roles() == {"ada": "owner"}


async def test_a_project_has_only_so_many_open_invitations(
    client: AsyncClient, database: RolledBack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.invitations.service.MOST_OPEN", 2)
    ada = await join(client, "ada")
    for key in ("WEB", "OPS"):
        await ada.start(key)
    first, _ = [await invited(ada, f"{name}@example.com") for name in ("bob", "cleo")]
    before = await snapshot(database)
    sentence = "2 invitations are open, and a project has no more. Withdraw one first."
    response = await ada.post(OPEN, {"email": "dan@example.com"})
    assert_refused(response, 409, "too_many_invitations", sentence)
    assert await snapshot(database) == before
    # One for the same address is not one more, and other projects have their own.
    again = await invited(ada, "bob@example.com")
    assert again["id"] != first["id"]
    took(await ada.post("/projects/OPS/invitations", {"email": "dan@example.com"}), 201)
    assert (await ada.delete(f"{OPEN}/{again['id']}")).status_code == 204
    await invited(ada, "dan@example.com")


async def test_an_invitation_belongs_to_one_project(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await alone(client)
    await ada.start("OPS")
    invitation = await invited(ada, "bob@example.com")
    before = await snapshot(database)
    for number in (invitation["id"], 1, 2**63 - 1):
        response = await ada.delete(f"/projects/OPS/invitations/{number}")
        assert_refused(response, 404, "no_invitation", NO_INVITATION)
    assert await snapshot(database) == before


async def test_who_is_a_member_is_not_invited(client: AsyncClient, database: RolledBack) -> None:
    ada, _ = await team(client, database, ada="owner", bob="member")
    before = await snapshot(database)
    for email in ("bob@example.com", "ADA@example.com"):
        response = await ada.post(OPEN, {"email": email, "role": "viewer"})
        assert_refused(response, 409, "already_member", "This is the address of a member.")
    assert await snapshot(database) == before


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "email"),
        ({"email": "bob"}, "email"),
        ({"email": "bob@example.com\nBcc: eve@example.com"}, "email"),
        ({"email": "bob@example.com", "role": "king"}, "role"),
        ({"email": "bob@example.com", "lifetime": 9}, "lifetime"),
    ],
)
async def test_an_invitation_that_cannot_be_is_refused(
    client: AsyncClient, database: RolledBack, body: Any, field: str
) -> None:
    ada = await alone(client)
    before = await snapshot(database)
    response = await ada.post(OPEN, body)
    assert [each["field"] for each in response.json()["errors"]] == [field]
    assert response.status_code == 422
    assert await snapshot(database) == before
