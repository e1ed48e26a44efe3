"""What tests of several folders need: settings, somebody who sends requests, a look at answers."""

import json
from collections.abc import Mapping, Sequence
from http.client import responses
from typing import Any

from django.test import Client
from django.urls import path
from django.urls.resolvers import URLPattern

from app.accounts.models import User
from app.core.settings import Settings

SECRET = "a-secret-that-only-these-tests-know"
PASSWORD = "correct horse battery"
ADDRESS = "192.0.2.1"

Json = Any
Response = Any
"""What Django's test client returns: a response with a few attributes more."""


def settings_for(**changed: Any) -> Settings:
    """Settings as these tests have them, whatever this machine has."""
    return Settings(_env_file=None, **{"secret_key": SECRET, **changed})


class Api:
    """Somebody who sends requests.

    Args:
        address: Where they come from.
        access: The access token that they send.
    """

    def __init__(self, address: str = ADDRESS, access: str = "") -> None:
        self._client = Client(raise_request_exception=False, REMOTE_ADDR=address)
        self.access = access
        self.refresh = ""

    def send(
        self,
        method: str,
        path: str,
        body: Json = None,
        *,
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send a request; a body of bytes goes as it is, any other as JSON."""
        own = {"Authorization": f"Bearer {self.access}"} if self.access else {}
        content = body if isinstance(body, bytes) else b""
        if body is not None and not isinstance(body, bytes):
            content = json.dumps(body).encode()
        response = self._client.generic(
            method, path, content, content_type, headers={**own, **(headers or {})}
        )
        if response.streaming:
            response.getvalue()  # a file, which is closed then
        return response

    def get(self, path: str, **headers: str) -> Response:
        """Send GET; a header is named as in `x_request_id="1"`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.send("GET", path, headers=named)

    def post(self, path: str, body: Json = None) -> Response:
        """Send POST."""
        return self.send("POST", path, body)

    def patch(self, path: str, body: Json = None) -> Response:
        """Send PATCH."""
        return self.send("PATCH", path, body)

    def sign_in(self, email: str, password: str = PASSWORD) -> "Api":
        """Sign in, and send the token from now on."""
        response = self.post("/api/auth/login", {"email": email, "password": password})
        assert response.status_code == 200, response.content
        self.access, self.refresh = response.json()["access"], response.json()["refresh"]
        return self

    def is_signed_in(self) -> bool:
        """Whether the token still shows who they are."""
        return bool(self.get("/api/account").status_code == 200)


def member(email: str = "ada@example.com", **fields: Any) -> User:
    """Somebody with an account."""
    return User.objects.create_user(email, PASSWORD, **fields)


def assert_problem(
    response: Response,
    status: int,
    code: str,
    detail: str,
    errors: Sequence[tuple[str, str]] = (),
) -> None:
    """Check an error response: its status, its whole body, its type."""
    titles = {413: "Content Too Large", 422: "Unprocessable Content"}
    assert (response.status_code, response.json()) == (
        status,
        {
            "type": "about:blank",
            "title": titles.get(status, responses[status]),
            "status": status,
            "detail": detail,
            "code": code,
            "errors": [{"field": field, "message": message} for field, message in errors],
        },
    )
    assert response.headers["content-type"] == "application/problem+json"


INVALID = "The request is not valid; `errors` says where."


def assert_invalid(response: Response, *errors: tuple[str, str]) -> None:
    """Check that a request was refused because of these fields."""
    assert_problem(response, 400, "invalid", INVALID, errors)


class Routes:
    """The service's addresses and some for a test; the setting `ROOT_URLCONF` may name it."""

    def __init__(self, **views: Any) -> None:
        from app import urls  # noqa: PLC0415 - what it imports needs Django to be set up

        own = [path(name, view) for name, view in views.items()]
        self.urlpatterns: list[URLPattern | Any] = [*own, *urls.urlpatterns]
        self.handler400, self.handler403 = urls.handler400, urls.handler403
        self.handler404, self.handler500 = urls.handler404, urls.handler500
