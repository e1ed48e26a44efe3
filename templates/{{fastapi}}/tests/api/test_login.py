"""Signing in: what it tells, what it does not, and how often it can be tried."""

import json
import time
from collections.abc import AsyncIterator
from typing import Literal

import people
import pytest
from argon2 import PasswordHasher
from databases import RolledBack
from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from joining import log_in, register, sign_in
from support import PASSWORDS, assert_problem, client_of, settings_for
from visitors import Visitor

from app.core.passwords import Passwords
from app.core.problems import Problem
from app.main import create_app

WRONG = Problem(401, "The e-mail address or the password is wrong.", "wrong_credentials")


async def test_the_right_password_gives_a_token_that_works(client: AsyncClient) -> None:
    await register(client, "ada")
    visitor = Visitor(client, token=people.token_of(await sign_in(client, "ada")))
    assert people.name_of(await visitor.get(people.OWN)) == "ada"


@pytest.mark.parametrize("typed", ["ADA@example.COM", "  ada@example.com "])
async def test_an_address_is_known_in_any_capitals_and_with_spaces_around_it(
    client: AsyncClient, typed: str
) -> None:
    await register(client, "ada")
    assert (await log_in(client, typed)).status_code == 200


class CountingHasher(PasswordHasher):
    """Counts how often a password was compared."""

    comparisons = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002
        self.comparisons += 1
        return super().verify(hash, password)


async def test_unknown_address_and_wrong_password_look_the_same_and_cost_the_same(
    database: RolledBack,
) -> None:
    hasher = CountingHasher(time_cost=1, memory_cost=8, parallelism=1)
    app = create_app(settings_for(), database=database, passwords=Passwords(hasher))
    async with client_of(app) as client:
        await register(client, "ada")
        answers = []
        for name in ("ada", "nobody"):
            hasher.comparisons = 0
            response = await sign_in(client, name, "not the password")
            assert_problem(response, WRONG)
            own = {"x-request-id", "date"}
            headers = {key: value for key, value in response.headers.items() if key not in own}
            answers.append((headers, hasher.comparisons))
    assert answers[0] == answers[1]
    assert answers[0][1] == 1


class Clock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time that the throttle sees."""
    clock = Clock()
    monkeypatch.setattr(time, "time", clock)
    return clock


@pytest.fixture
def strict_app(database: RolledBack) -> FastAPI:
    """The application, with three attempts a minute."""
    settings = settings_for(login_limit="3/minute")
    return create_app(settings, database=database, passwords=PASSWORDS)


@pytest.fixture
async def strict(strict_app: FastAPI, clock: Clock) -> AsyncIterator[AsyncClient]:
    """Somebody who tries to sign in there."""
    del clock
    async with client_of(strict_app) as client:
        yield client


async def fail(client: AsyncClient, name: str, times: int) -> None:
    for _ in range(times):
        assert_problem(await sign_in(client, name, "wrong"), WRONG)


def assert_throttled(response: Response, seconds: int) -> None:
    sentence = f"Too many attempts with a password. Try again in {seconds} seconds."
    assert_problem(response, Problem(429, sentence, "too_many_requests"))
    assert response.headers["retry-after"] == str(seconds)


async def test_after_too_many_attempts_even_the_right_password_must_wait(
    strict: AsyncClient, clock: Clock
) -> None:
    await register(strict, "ada")
    await fail(strict, "ada", 3)
    assert_throttled(await sign_in(strict, "ada"), 60)
    clock.now += 59
    assert_throttled(await sign_in(strict, "ada"), 1)
    clock.now += 1.5
    assert (await sign_in(strict, "ada")).status_code == 200


async def test_other_accounts_and_other_addresses_need_not_wait(
    strict: AsyncClient, strict_app: FastAPI
) -> None:
    await register(strict, "ada")
    await register(strict, "bob")
    await fail(strict, "ada", 3)
    assert (await sign_in(strict, "ada")).status_code == 429
    assert (await sign_in(strict, "bob")).status_code == 200
    async with client_of(strict_app, address="198.51.100.7") as elsewhere:
        assert (await sign_in(elsewhere, "ada")).status_code == 200


async def test_another_spelling_of_an_address_is_the_same_account(strict: AsyncClient) -> None:
    await register(strict, "ada")
    await fail(strict, "ada", 3)
    for typed in ("ADA@example.com", " ada@example.com "):
        assert (await log_in(strict, typed)).status_code == 429


async def test_who_signs_in_starts_anew(strict: AsyncClient) -> None:
    await register(strict, "ada")
    for _ in range(3):
        await fail(strict, "ada", 2)
        assert (await sign_in(strict, "ada")).status_code == 200


async def test_one_address_cannot_go_through_all_accounts(
    strict: AsyncClient, clock: Clock
) -> None:
    await register(strict, "ada")
    for number in range(30):
        await fail(strict, f"guess{number}", 1)
    assert_throttled(await sign_in(strict, "ada"), 60)
    clock.now += 61
    assert (await sign_in(strict, "ada")).status_code == 200


async def test_an_attempt_that_is_refused_compares_no_password(database: RolledBack) -> None:
    hasher = CountingHasher(time_cost=1, memory_cost=8, parallelism=1)
    settings = settings_for(login_limit="1/hour")
    app = create_app(settings, database=database, passwords=Passwords(hasher))
    async with client_of(app) as client:
        await fail(client, "nobody", 1)
        hasher.comparisons = 0
        assert (await sign_in(client, "nobody")).status_code == 429
    assert hasher.comparisons == 0


async def test_a_request_without_an_address_is_served(strict_app: FastAPI) -> None:
    """As behind a UNIX socket, where there is none."""
    sent = []

    async def receive() -> dict[str, object]:
        body = json.dumps(people.login("ada@example.com", "wrong")).encode()
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": f"/api{people.LOGIN}",
        "raw_path": b"/api/users/login",
        "query_string": b"",
        "root_path": "",
        "headers": [(b"content-type", b"application/json")],
        "client": None,
        "server": ("test", 80),
        "state": {},
    }
    await strict_app(scope, receive, send)  # type: ignore[arg-type]
    assert sent[0]["status"] == 401
