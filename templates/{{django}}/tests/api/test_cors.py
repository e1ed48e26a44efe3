"""Which front ends at other origins a browser lets use the service."""

from typing import Any

import pytest
from support import Api, Response, settings_for

KNOWN = "https://front.example"
STRANGE = "https://strange.example"
LOCAL = ("http://localhost:4200", "http://localhost", "http://127.0.0.1:5173")


@pytest.fixture
def known(settings: Any) -> None:
    """One front end may use the service."""
    settings.CORS_ALLOWED_ORIGINS = [KNOWN]
    settings.CORS_ALLOWED_ORIGIN_REGEXES = []


def preflight(api: Api, origin: str, path: str = "/api/account") -> Response:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "Authorization",
    }
    return api.send("OPTIONS", path, headers=asked)


@pytest.mark.usefixtures("known")
def test_the_front_end_that_is_set_may_use_the_service(api: Api) -> None:
    response = preflight(api, KNOWN)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == KNOWN
    allowed = response.headers["access-control-allow-methods"].split(", ")
    assert sorted(allowed) == ["DELETE", "GET", "PATCH", "POST", "PUT"]
    headers = response.headers["access-control-allow-headers"].split(", ")
    assert {"authorization", "content-type", "x-request-id"} <= set(headers)
    response = api.get("/api/account", origin=KNOWN)
    assert response.headers["access-control-allow-origin"] == KNOWN
    exposed = response.headers["access-control-expose-headers"].split(", ")
    assert {"X-Request-ID", "Retry-After"} <= set(exposed)


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("origin", [STRANGE, *LOCAL])
def test_another_may_not(api: Api, origin: str) -> None:
    for response in (preflight(api, origin), api.get("/api/account", origin=origin)):
        assert "access-control-allow-origin" not in response.headers


@pytest.mark.usefixtures("known")
def test_the_admin_is_for_nobody_elses_scripts(api: Api) -> None:
    for response in (preflight(api, KNOWN, "/admin/"), api.get("/admin/login/", origin=KNOWN)):
        assert "access-control-allow-origin" not in response.headers


@pytest.mark.usefixtures("known")
def test_cookies_are_never_asked_for(api: Api) -> None:
    response = api.get("/api/account", origin=KNOWN)
    assert "access-control-allow-credentials" not in response.headers


@pytest.mark.parametrize("origin", LOCAL)
def test_in_development_a_front_end_on_this_machine_may(api: Api, origin: str) -> None:
    assert preflight(api, origin).headers["access-control-allow-origin"] == origin


@pytest.mark.parametrize(
    "origin",
    [KNOWN, "http://localhost.example", "http://localhost:1@x.example", "http://localhost:1\n"],
)
def test_no_other_may_unless_it_is_set(api: Api, origin: str) -> None:
    assert "access-control-allow-origin" not in api.get("/api/account", origin=origin).headers


def test_in_production_nobody_may_who_is_not_set() -> None:
    assert settings_for().trusts_local_origins
    assert not settings_for(environment="production").trusts_local_origins
    assert not settings_for(cors_origins=(KNOWN,)).trusts_local_origins
