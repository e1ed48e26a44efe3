"""Whoever had somebody's token could guess their password: only signing in was counted.

`PATCH /account` asks for the current password, and answered 25 wrong ones in three seconds.
"""

from collections.abc import AsyncIterator

import pytest
from databases import RolledBack
from httpx2 import AsyncClient
from joining import PASSWORD, sign_in
from people import OWN
from support import PASSWORDS, client_of, settings_for
from team import assert_refused, join

from app.main import create_app

WRONG = {"email": "other@example.com", "current_password": "a guess"}
RIGHT = {"email": "ada@example.com", "current_password": PASSWORD}


@pytest.fixture
async def strict(database: RolledBack) -> AsyncIterator[AsyncClient]:
    """A client of the application, which has three attempts an hour."""
    settings = settings_for(login_limit="3/hour")
    app = create_app(settings, database=database, passwords=PASSWORDS)
    async with client_of(app) as client:
        yield client


async def test_guesses_at_the_current_password_are_counted_with_those_at_signing_in(
    strict: AsyncClient,
) -> None:
    ada, bob = await join(strict, "ada"), await join(strict, "bob")
    for _ in range(2):
        response = await ada.patch(OWN, WRONG)
        assert_refused(response, 422, "invalid", current_password="is wrong")
    assert (await sign_in(strict, "ada", "a guess")).status_code == 401
    for response in (
        await ada.patch(OWN, WRONG),
        await ada.patch(OWN, RIGHT),
        await sign_in(strict, "ada"),
    ):
        assert_refused(response, 429, "too_many_requests")
    right = {"email": "bob@example.com", "current_password": PASSWORD}
    assert (await bob.patch(OWN, right)).status_code == 200


async def test_who_knows_the_password_has_all_attempts_again(strict: AsyncClient) -> None:
    ada = await join(strict, "ada")
    for _ in range(3):
        for _ in range(2):
            assert (await ada.patch(OWN, WRONG)).status_code == 422
        assert (await ada.patch(OWN, RIGHT)).status_code == 200
