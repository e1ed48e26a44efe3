"""Sessions: each device has one, and its tokens are good as long as it lasts."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from databases import RolledBack, sizes, snapshot
from httpx2 import AsyncClient, Response
from joining import register, sign_in
from people import OWN
from sqlalchemy import select, update
from support import PASSWORDS, SECRET, client_of, settings_for
from team import Person, assert_refused, join, token_in_mail, took

from app.core.models import now
from app.core.tokens import Tokens as Issuer
from app.main import create_app
from app.users.models import Session, User

REVOKED = "The token has been revoked. Sign in again."
NOT_VALID = "The token is not valid. Sign in again."
NO_INVITATION = "is not the token of an invitation: copy all of it from the mail"
REUSED = "This token has been used before. Use the one that you got for it, or sign in again."

Tokens = dict[str, Any]


class Clock:
    """What the time of day is for sessions."""

    def __init__(self) -> None:
        self.now = now()

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("app.users.sessions.now", clock)
    return clock


async def refresh(client: AsyncClient, tokens: Tokens) -> Response:
    return await Person(client).post("/auth/refresh", {"refresh": tokens["refresh"]})


def numbers(tokens: Tokens) -> tuple[int, ...]:
    """What a refresh token says."""
    return Issuer(SECRET, timedelta(hours=1)).read(tokens["refresh"], "ses", "ref")


async def logout(client: AsyncClient, tokens: Tokens) -> Response:
    return await Person(client).post("/auth/logout", {"refresh": tokens["refresh"]})


async def reads(client: AsyncClient, tokens: Tokens) -> bool:
    """Whether the access token is good."""
    response = await Person(client, token=tokens["access"]).get(OWN)
    if response.status_code != 200:
        assert_refused(response, 401, "token_revoked", REVOKED)
    return response.status_code == 200


async def test_a_refresh_token_gets_the_next_two_tokens(client: AsyncClient) -> None:
    first = took(await register(client, "ada"), 201)
    second = took(await refresh(client, first), 200)
    assert second.keys() == {"access", "refresh"}
    third = took(await refresh(client, second), 200)
    assert len({first["refresh"], second["refresh"], third["refresh"]}) == 3
    assert await reads(client, second)
    assert await reads(client, third)


async def test_refreshing_is_no_new_session(client: AsyncClient, database: RolledBack) -> None:
    first = took(await register(client, "ada"), 201)
    await refresh(client, first)
    assert sizes(await snapshot(database)) == {"users": 1, "sessions": 1}


async def test_a_session_lasts_for_the_lifetime_from_its_last_refresh(
    client: AsyncClient, database: RolledBack, clock: Clock
) -> None:
    began = clock.now
    tokens = took(await register(client, "ada"), 201)
    clock.now += timedelta(days=3)
    await refresh(client, tokens)
    async with database.session() as session:
        (found,) = await session.scalars(select(Session))
    assert (found.created_at, found.renewed_at, found.expires_at) == (
        began,
        began + timedelta(days=3),
        began + timedelta(days=17),
    )


async def test_who_refreshes_again_at_once_gets_the_same_next_token(
    client: AsyncClient, clock: Clock
) -> None:
    """Two tabs do that, and whoever has lost the answer."""
    first = took(await register(client, "ada"), 201)
    second = took(await refresh(client, first), 200)
    clock.now += timedelta(seconds=10)
    again = took(await refresh(client, first), 200)
    assert numbers(again) == numbers(second) != numbers(first)
    assert await reads(client, second)
    assert await reads(client, again)
    third = took(await refresh(client, again), 200)
    # Whoever comes later with the other copy of it is not suspected, either.
    assert numbers(took(await refresh(client, second), 200)) == numbers(third)


async def test_a_token_from_before_the_last_one_gets_none_also_at_once(
    client: AsyncClient, clock: Clock
) -> None:
    first = took(await register(client, "ada"), 201)
    second = took(await refresh(client, first), 200)
    third = took(await refresh(client, second), 200)
    assert_refused(await refresh(client, first), 401, "token_reused", REUSED)
    assert await reads(client, third)
    clock.now += timedelta(seconds=10, milliseconds=1)
    assert_refused(await refresh(client, first), 401, "token_reused", REUSED)
    assert not await reads(client, third)


async def test_an_old_refresh_token_that_comes_later_ends_the_session(
    client: AsyncClient, database: RolledBack, clock: Clock
) -> None:
    first = took(await register(client, "ada"), 201)
    elsewhere = took(await sign_in(client, "ada"), 200)
    second = took(await refresh(client, first), 200)
    clock.now += timedelta(seconds=10, milliseconds=1)
    assert_refused(await refresh(client, first), 401, "token_reused", REUSED)
    # It is remembered, although the answer was an error.
    assert sizes(await snapshot(database)) == {"users": 1, "sessions": 1}
    assert not await reads(client, second)
    assert_refused(await refresh(client, second), 401, "token_revoked", REVOKED)
    assert await reads(client, elsewhere)


async def test_who_signs_out_is_signed_out_at_once_and_on_this_device_only(
    client: AsyncClient, database: RolledBack
) -> None:
    tokens = took(await register(client, "ada"), 201)
    elsewhere = took(await sign_in(client, "ada"), 200)
    response = await logout(client, tokens)
    assert (response.status_code, response.content) == (204, b"")
    assert sizes(await snapshot(database)) == {"users": 1, "sessions": 1}
    assert not await reads(client, tokens)
    assert_refused(await refresh(client, tokens), 401, "token_revoked", REVOKED)
    assert await reads(client, elsewhere)


async def test_who_signs_out_everywhere_is_signed_out_on_all_devices(
    client: AsyncClient, database: RolledBack
) -> None:
    bob = await join(client, "bob")
    sessions = [took(await register(client, "ada"), 201), took(await sign_in(client, "ada"), 200)]
    response = await Person(client, token=sessions[0]["access"]).delete("/account/sessions")
    assert (response.status_code, response.content) == (204, b"")
    assert sizes(await snapshot(database)) == {"users": 2, "sessions": 1}
    for tokens in sessions:
        assert not await reads(client, tokens)
        assert_refused(await refresh(client, tokens), 401, "token_revoked", REVOKED)
    assert (await bob.get(OWN)).status_code == 200
    assert (await sign_in(client, "ada")).status_code == 200


async def test_signing_out_twice_is_no_error(client: AsyncClient) -> None:
    tokens = took(await register(client, "ada"), 201)
    assert [(await logout(client, tokens)).status_code for _ in "12"] == [204, 204]


async def test_any_refresh_token_of_a_session_signs_out(client: AsyncClient) -> None:
    first = took(await register(client, "ada"), 201)
    second = took(await refresh(client, first), 200)
    assert (await logout(client, first)).status_code == 204
    assert not await reads(client, second)


async def test_sessions_that_are_over_are_cleaned_up_when_somebody_signs_in(
    client: AsyncClient, database: RolledBack
) -> None:
    await register(client, "ada")
    await register(client, "bob")
    async with database.session() as session:
        await session.execute(update(Session).values(expires_at=now()))
        await session.commit()
    tokens = took(await sign_in(client, "ada"), 200)
    took(await sign_in(client, "ada"), 200)
    async with database.session() as session:
        query = select(User.username).join(Session, Session.user_id == User.id)
        assert sorted(await session.scalars(query)) == ["ada", "ada", "bob"]
    assert await reads(client, tokens)


async def test_tokens_do_not_pass_for_each_other(client: AsyncClient, database: RolledBack) -> None:
    tokens = took(await register(client, "ada"), 201)
    ada = Person(client, "ada", tokens["access"])
    await ada.start()
    took(await ada.post("/projects/WEB/invitations", {"email": "ada2@example.com"}), 201)
    invitation = await token_in_mail(database)
    before = await snapshot(database)
    for token in (tokens["refresh"], invitation):
        response = await Person(client, token=token).get(OWN)
        assert_refused(response, 401, "token_invalid", NOT_VALID)
    for token in (tokens["access"], invitation):
        for path in ("/auth/refresh", "/auth/logout"):
            response = await Person(client).post(path, {"refresh": token})
            assert_refused(response, 401, "token_invalid", NOT_VALID)
    for token in (tokens["access"], tokens["refresh"]):
        response = await ada.post("/invitations/accept", {"token": token})
        assert_refused(response, 422, "invalid", token=NO_INVITATION)
    assert await snapshot(database) == before


async def test_a_refresh_token_is_good_for_its_lifetime(database: RolledBack) -> None:
    settings = settings_for(refresh_token_lifetime=timedelta(microseconds=1))
    app = create_app(settings, database=database, passwords=PASSWORDS)
    async with client_of(app) as client:
        tokens = took(await register(client, "ada"), 201)
        for response in (await refresh(client, tokens), await logout(client, tokens)):
            sentence = "The token has expired. Sign in again."
            assert_refused(response, 401, "token_expired", sentence)


async def test_a_session_belongs_to_one_person(client: AsyncClient, database: RolledBack) -> None:
    tokens = took(await register(client, "ada"), 201)
    await join(client, "bob")
    async with database.session() as session:
        bob = await session.scalar(select(User.id).where(User.username == "bob"))
        ada = await session.scalar(select(User.id).where(User.username == "ada"))
        await session.execute(update(Session).where(Session.user_id == ada).values(user_id=bob))
        await session.commit()
    assert not await reads(client, tokens)
