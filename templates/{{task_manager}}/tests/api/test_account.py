"""Accounts: making one, reading it, changing it."""

from typing import Any

import pytest
from databases import RolledBack, sizes, snapshot
from httpx2 import AsyncClient
from joining import PASSWORD, change_password, log_in, register, sign_in
from people import OWN, registration, token_of
from team import Person, assert_refused, join, took
from wording import UNKNOWN

NEW = "another password"


async def test_who_registers_is_signed_in(client: AsyncClient) -> None:
    body = took(await register(client, "Ada Lovelace", email="ADA@Example.com"), 201)
    ada = {"username": "Ada Lovelace", "email": "ada@example.com"}
    assert body == {"access": body["access"], "refresh": body["refresh"], "user": ada}
    assert took(await Person(client, token=body["access"]).get(OWN), 200) == ada


async def test_who_signs_in_gets_the_same_as_who_registers(client: AsyncClient) -> None:
    await register(client, "ada")
    body = took(await sign_in(client, "ada"), 200)
    ada = {"username": "ada", "email": "ada@example.com"}
    assert body == {"access": body["access"], "refresh": body["refresh"], "user": ada}
    assert took(await Person(client, token=body["access"]).get(OWN), 200) == ada


@pytest.mark.parametrize("name", ["ada", "ADA", "\uff41da"])
async def test_a_name_is_taken_once_in_whatever_letters(
    client: AsyncClient, database: RolledBack, name: str
) -> None:
    await register(client, "ada")
    before = await snapshot(database)
    response = await register(client, name, email="other@example.com")
    sentence = "There is an account with this name already."
    assert_refused(response, 409, "username_taken", sentence)
    assert await snapshot(database) == before


async def test_an_address_is_taken_once(client: AsyncClient, database: RolledBack) -> None:
    await register(client, "ada")
    before = await snapshot(database)
    response = await register(client, "other", email="ADA@example.com")
    sentence = "There is an account with this e-mail address already. Sign in instead."
    assert_refused(response, 409, "email_taken", sentence)
    assert await snapshot(database) == before


async def test_an_account_needs_a_name_an_address_and_a_password(
    client: AsyncClient, database: RolledBack
) -> None:
    nobody = Person(client)
    fields = dict.fromkeys(("username", "email", "password"), "Field required")
    assert_refused(await nobody.post("/auth/register", {}), 422, "invalid", **fields)
    short = await nobody.post("/auth/register", registration("ada", "ada@example.com", "1234567"))
    message = "String should have at least 8 characters"
    assert_refused(short, 422, "invalid", password=message)
    assert not any((await snapshot(database)).values())


async def test_a_new_address_is_the_one_to_sign_in_with(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    changes = {"email": "Countess@Example.com", "current_password": PASSWORD}
    changed = {"username": "ada", "email": "countess@example.com"}
    assert took(await ada.patch(OWN, changes), 200) == {**changed, "tokens": None}
    assert took(await ada.get(OWN), 200) == changed
    assert took(await log_in(client, "countess@example.com"), 200)["user"] == changed
    assert (await log_in(client, "ada@example.com")).status_code == 401


async def test_a_new_address_leaves_all_devices_signed_in(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    phone = Person(client, token=token_of(await sign_in(client, "ada")))
    took(await ada.patch(OWN, {"email": "a@example.com", "current_password": PASSWORD}), 200)
    assert took(await phone.get(OWN), 200) == {"username": "ada", "email": "a@example.com"}


async def test_an_address_of_somebody_else_stays_theirs(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await join(client, "ada")
    await register(client, "bob")
    before = await snapshot(database)
    body = {"email": "bob@example.com", "password": NEW, "current_password": PASSWORD}
    sentence = "There is an account with this e-mail address already. Sign in instead."
    assert_refused(await ada.patch(OWN, body), 409, "email_taken", sentence)
    assert await snapshot(database) == before


async def test_a_new_password_ends_all_sessions_and_begins_one_for_who_asked(
    client: AsyncClient, database: RolledBack
) -> None:
    bob = await join(client, "bob")
    own, other = took(await register(client, "ada"), 201), took(await sign_in(client, "ada"), 200)
    changed = took(await change_password(Person(client, token=own["access"]), NEW), 200)
    tokens = changed["tokens"]
    assert changed == {"username": "ada", "email": "ada@example.com", "tokens": tokens}
    assert tokens.keys() == {"access", "refresh"}
    assert sizes(await snapshot(database)) == {"users": 2, "sessions": 2}
    assert (await bob.get(OWN)).status_code == 200
    sentence = "The token has been revoked. Sign in again."
    for old in (own, other):
        person = Person(client, token=old["access"])
        assert_refused(await person.get(OWN), 401, "token_revoked", sentence)
        refreshed = await person.post("/auth/refresh", {"refresh": old["refresh"]})
        assert_refused(refreshed, 401, "token_revoked", sentence)
    assert (await Person(client, token=tokens["access"]).get(OWN)).status_code == 200
    new = took(await Person(client).post("/auth/refresh", {"refresh": tokens["refresh"]}), 200)
    assert (await Person(client, token=new["access"]).get(OWN)).status_code == 200
    assert (await sign_in(client, "ada")).status_code == 401
    assert (await sign_in(client, "ada", NEW)).status_code == 200


@pytest.mark.parametrize("changes", [{"password": NEW}, {"email": "other@example.com"}])
async def test_nothing_changes_with_a_wrong_password(
    client: AsyncClient, database: RolledBack, changes: dict[str, str]
) -> None:
    ada = await join(client, "ada")
    before = await snapshot(database)
    response = await ada.patch(OWN, {**changes, "current_password": "not the password"})
    assert_refused(response, 422, "invalid", current_password="is wrong")
    assert await snapshot(database) == before


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"current_password": PASSWORD}, {"body": "at least one field is required"}),
        ({"password": NEW}, {"current_password": "Field required"}),
        (
            {"username": "countess", "email": "a@example.com", "current_password": PASSWORD},
            {"username": UNKNOWN},
        ),
        (
            {"password": "1234567", "current_password": PASSWORD},
            {"password": "String should have at least 8 characters"},
        ),
    ],
    ids=["nothing", "without the current password", "another name", "too short"],
)
async def test_what_an_account_cannot_become_is_refused(
    client: AsyncClient, database: RolledBack, body: Any, fields: dict[str, str]
) -> None:
    ada = await join(client, "ada")
    before = await snapshot(database)
    assert_refused(await ada.patch(OWN, body), 422, "invalid", **fields)
    assert await snapshot(database) == before
