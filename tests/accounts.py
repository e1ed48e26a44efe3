"""How somebody gets an account with each service, and shows that it is theirs."""

import http.client
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """How a service is signed up with.

    Attributes:
        path: Where the body is posted to.
        body: Makes the body, from a name that nobody has.
        headers: What a request has from then on, made from the answer.
        own: A path that answers 200 to those who are signed in, and to nobody else.
        insider: Where somebody of the demo signs in, and with what; for services in which somebody
            new has nothing to see.
    """

    path: str
    body: Callable[[str], Json]
    headers: Callable[[Json], Mapping[str, str]]
    own: str
    insider: tuple[str, Json] | None = None


SIGN_UP: Mapping[str, SignUp] = {
    "blog-api": SignUp(
        path="/api/users",
        body=lambda name: {
            "user": {"username": name, "email": f"{name}@example.com", "password": "correct horse"}
        },
        headers=lambda answer: {"Authorization": f"Token {answer['user']['token']}"},
        own="/api/user",
    ),
    "commerce-backend": SignUp(
        path="/api/auth/register",
        body=lambda name: {"email": f"{name}@example.com", "password": "correct horse battery"},
        headers=lambda answer: {"Authorization": f"Bearer {answer['access']}"},
        own="/api/account",
    ),
    "task-manager": SignUp(
        path="/api/auth/register",
        body=lambda name: {
            "username": name,
            "email": f"{name}@example.com",
            "password": "correct horse",
        },
        headers=lambda answer: {"Authorization": f"Bearer {answer['access']}"},
        own="/api/account",
        insider=("/api/auth/login", {"email": "demo@example.com", "password": "demo-password"}),
    ),
}


def sign_up(service: str, url: str, name: str | None = None) -> Mapping[str, str]:
    """Make an account with a service that runs, and return the headers that show it."""
    how = SIGN_UP[service]
    status, answer = ask(url + how.path, body=how.body(name or new_name()))
    assert status == 201, answer
    return how.headers(json.loads(answer))


def sign_in(service: str, url: str, name: str) -> Mapping[str, str]:
    """Show who somebody is who has things to see: of the demo, or else somebody new."""
    how = SIGN_UP[service]
    if how.insider is None:
        return sign_up(service, url, name)
    path, body = how.insider
    status, answer = ask(url + path, body=body)
    assert status == 200, answer
    return how.headers(json.loads(answer))


def is_signed_in(service: str, url: str, headers: Mapping[str, str]) -> bool:
    """Whether these headers still show an account."""
    status, _ = ask(url + SIGN_UP[service].own, headers=headers)
    return status == 200


def new_name() -> str:
    """A name that nobody has."""
    return f"user-{uuid.uuid4().hex[:12]}"


def ask(
    url: str, *, body: Json | None = None, headers: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """Send a request, with POST if it has a body, and return the answer's status and text."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    given = {**(headers or {}), **({"Content-Type": "application/json"} if body else {})}
    try:
        method, sent = ("POST", json.dumps(body)) if body else ("GET", None)
        connection.request(method, parts.path, sent, given)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()
