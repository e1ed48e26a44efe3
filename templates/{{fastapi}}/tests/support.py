"""What tests of several folders need: settings, somebody who sends requests, a look at logs."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from argon2 import PasswordHasher
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response

from app.core.passwords import Passwords
from app.core.settings import Settings
from app.main import render_error

SECRET = "a-secret-that-only-these-tests-know"

PASSWORDS = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
"""A hasher that costs next to nothing, unlike the real one, which takes long on purpose."""


def settings_for(url: str = "sqlite:///never-opened.db", **changed: Any) -> Settings:
    """Settings as these tests have them, whatever this machine has."""
    return Settings(_env_file=None, **{"database_url": url, "secret_key": SECRET, **changed})


@asynccontextmanager
async def client_of(app: FastAPI, address: str = "192.0.2.1") -> AsyncIterator[AsyncClient]:
    """Somebody who sends requests to an application."""
    transport = ASGITransport(app, client=(address, 50000))
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


def assert_error(response: Response, status: int, *messages: str) -> None:
    """Check an error response: its status, its whole body, its type."""
    assert (response.status_code, response.text) == (status, rendered(status, messages))
    assert response.headers["content-type"] == "application/json"


def rendered(status: int, messages: Sequence[str]) -> str:
    """The body of an error response, as the project renders errors."""
    return json.dumps(render_error(status, messages), ensure_ascii=False, separators=(",", ":"))


def differences(found: Mapping[str, Any], expected: Mapping[str, Any]) -> dict[str, Any]:
    """What was found and what was expected, for the cases of a table where that is not the same."""
    assert found.keys() == expected.keys()
    return {
        case: {"found": found[case], "expected": expected[case]}
        for case in expected
        if found[case] != expected[case]
    }
