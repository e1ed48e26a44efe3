"""Sessions and passwords, in requests at the same moment, on a database that is committed to."""

from collections import Counter
from datetime import timedelta

import anyio
import pytest
from databases import sizes, snapshot
from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from joining import change_password, register, sign_in
from people import OWN, token_of
from racing import Request, at_once
from support import SECRET
from team import Person, assert_refused, join, took

from app.core.database import Database
from app.core.passwords import Passwords
from app.core.tokens import Tokens

AT_ONCE = 8
NEW = "another password"


def keeping(request: Request, responses: list[Response]) -> Request:
    """The same request, whose response is kept."""

    async def send() -> Response:
        responses.append(await request())
        return responses[-1]

    return send


async def test_all_who_refresh_with_one_token_at_once_get_the_same_next_one(
    own_client: AsyncClient, own_database: Database
) -> None:
    tokens = took(await register(own_client, "ada"), 201)
    visitor, responses = Person(own_client), list[Response]()

    async def refresh() -> Response:
        return await visitor.post("/auth/refresh", {"refresh": tokens["refresh"]})

    statuses = await at_once([keeping(refresh, responses)] * AT_ONCE)
    assert Counter(statuses) == {200: AT_ONCE}
    issuer = Tokens(SECRET, timedelta(hours=1))
    bodies = [response.json() for response in responses]
    assert len({issuer.read(body["refresh"], "ses", "ref") for body in bodies}) == 1
    assert sizes(await snapshot(own_database)) == {"users": 1, "sessions": 1}
    new = bodies[-1]
    assert (await Person(own_client, token=new["access"]).get(OWN)).status_code == 200
    again = await visitor.post("/auth/refresh", {"refresh": new["refresh"]})
    assert again.status_code == 200


async def test_a_login_that_checked_the_old_password_does_not_get_in(
    own_client: AsyncClient,
    own_app: FastAPI,
    own_database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ada = await join(own_client, "ada")
    passwords: Passwords = own_app.state.passwords
    verify, go_on, responses = passwords.verify, anyio.Event(), list[Response]()

    async def slow_verify(stored: str | None, password: str) -> bool:
        matches = await verify(stored, password)
        await go_on.wait()
        return matches

    async def log_in() -> None:
        responses.append(await sign_in(own_client, "ada"))

    async with anyio.create_task_group() as group:
        with monkeypatch.context() as patch:
            patch.setattr(passwords, "verify", slow_verify)
            group.start_soon(log_in)
            await anyio.wait_all_tasks_blocked()
        ada.token = token_of(await change_password(ada, NEW))
        go_on.set()
    sentence = "The password has just been changed. Sign in with the new one."
    assert_refused(responses[0], 401, "wrong_credentials", sentence)
    assert sizes(await snapshot(own_database)) == {"users": 1, "sessions": 1}
    assert (await ada.get(OWN)).status_code == 200


async def test_who_signs_in_while_the_password_changes_is_not_in_afterwards(
    own_client: AsyncClient,
) -> None:
    ada = await join(own_client, "ada")
    responses: list[Response] = []
    logins = [keeping(lambda: sign_in(own_client, "ada"), responses)] * AT_ONCE
    changed: list[Response] = []
    change = keeping(lambda: change_password(ada, NEW), changed)
    half = AT_ONCE // 2
    statuses = await at_once([*logins[:half], change, *logins[half:]])
    assert statuses.pop(half) == 200
    assert set(statuses) <= {200, 401}
    for response in responses:
        if response.is_success:
            person = Person(own_client, token=response.json()["access"])
            assert (await person.get(OWN)).status_code == 401
    ada.token = token_of(changed[0])
    assert (await ada.get(OWN)).status_code == 200
