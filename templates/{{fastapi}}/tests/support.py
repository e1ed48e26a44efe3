"""What tests of several folders need: settings, somebody who sends requests, a look at logs."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from argon2 import PasswordHasher
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response

from app.core.passwords import Passwords
from app.core.problems import Problem
from app.core.settings import Settings
from app.responses import render_error

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


def assert_problem(response: Response, problem: Problem) -> None:
    """Check an error response: its status, its whole body, its type."""
    expected = render_error(problem)
    assert (response.status_code, response.content) == (expected.status_code, expected.body)
    assert response.headers["content-type"] == expected.headers["content-type"]


def differences(found: Mapping[str, Any], expected: Mapping[str, Any]) -> dict[str, Any]:
    """What was found and what was expected, for the cases of a table where that is not the same."""
    assert found.keys() == expected.keys()
    return {
        case: {"found": found[case], "expected": expected[case]}
        for case in expected
        if found[case] != expected[case]
    }
