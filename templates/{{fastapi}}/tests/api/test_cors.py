"""Which front ends at other origins a browser lets use the service."""

from collections.abc import AsyncIterator
from typing import Any

import people
import pytest
from databases import RolledBack
from httpx2 import AsyncClient
from support import PASSWORDS, client_of, settings_for

from app.main import create_app

KNOWN = "https://front.example"
STRANGE = "https://strange.example"
ASKED = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "Authorization"}


@pytest.fixture
async def client(database: RolledBack) -> AsyncIterator[AsyncClient]:
    """Somebody who sends requests to a service that one front end may use."""
    settings = settings_for(cors_origins=(KNOWN,))
    async with client_of(create_app(settings, database=database, passwords=PASSWORDS)) as client:
        yield client


async def test_the_front_end_that_is_set_may_use_the_service(client: AsyncClient) -> None:
    response = await client.options("/anything", headers={"Origin": KNOWN, **ASKED})
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == KNOWN
    allowed = response.headers["access-control-allow-methods"].split(", ")
    assert sorted(allowed) == ["DELETE", "GET", "PATCH", "POST", "PUT"]
    assert "Authorization" in response.headers["access-control-allow-headers"]
    response = await client.get("/health/live", headers={"Origin": KNOWN})
    assert response.headers["access-control-allow-origin"] == KNOWN
    assert response.headers["access-control-expose-headers"] == people.EXPOSED


async def test_another_may_not(client: AsyncClient) -> None:
    response = await client.options("/anything", headers={"Origin": STRANGE, **ASKED})
    assert response.status_code == 400
    for asked in (response, await client.get("/health/live", headers={"Origin": STRANGE})):
        assert "access-control-allow-origin" not in asked.headers


async def test_cookies_are_never_asked_for(client: AsyncClient) -> None:
    response = await client.get("/health/live", headers={"Origin": KNOWN})
    assert "access-control-allow-credentials" not in response.headers


async def allowed(database: RolledBack, origin: str, **settings: Any) -> str | None:
    """The origin that a response allows."""
    app = create_app(settings_for(**settings), database=database, passwords=PASSWORDS)
    async with client_of(app) as client:
        response = await client.get("/health/live", headers={"Origin": origin})
    value: str | None = response.headers.get("access-control-allow-origin")
    return value


LOCAL = ("http://localhost:4200", "http://localhost", "http://127.0.0.1:5173")


@pytest.mark.parametrize("origin", LOCAL)
async def test_in_development_a_front_end_on_this_machine_may(
    database: RolledBack, origin: str
) -> None:
    assert await allowed(database, origin) == origin
    assert await allowed(database, origin, environment="production") is None
    assert await allowed(database, origin, cors_origins=(KNOWN,)) is None


@pytest.mark.parametrize(
    "origin", [KNOWN, "http://localhost.example", "http://localhost:1@x.example"]
)
async def test_no_other_may_unless_it_is_set(database: RolledBack, origin: str) -> None:
    for environment in ("development", "production"):
        assert await allowed(database, origin, environment=environment) is None
