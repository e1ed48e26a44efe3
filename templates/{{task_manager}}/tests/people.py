"""How people get into the task manager; tests that all projects have take it from here."""

from httpx2 import Response
from visitors import Json

SCHEME = "Bearer"
"""The word that stands before a token."""

CLAIMS: dict[str, str | int] = {"sub": "1", "sid": 1}
"""What a token says, with values that could be somebody's."""

LIFETIME = 10 * 60
"""How many seconds a token is good."""

ENVELOPE = ""
"""What the fields of an account are wrapped in: nothing."""

REGISTER, LOGIN = "/auth/register", "/auth/login"

OWN = "/account"
"""Where those who are signed in find themselves."""

READ = ("/account", "/projects", "/tasks/WEB-1")
"""Where tokens are looked at."""

EXPOSED = "X-Request-ID, Retry-After, ETag, Location"
"""The headers that a script at another origin may read."""

WRITTEN = ("POST", "/projects", {"key": "WEB", "name": "Website"})
"""Something that anybody who is signed in can write."""


def registration(username: str, email: str, password: str) -> Json:
    """The body of a registration."""
    return {"username": username, "email": email, "password": password}


def login(email: str, password: str) -> Json:
    """The body of a login."""
    return {"email": email, "password": password}


def new_password(password: str, current: str) -> tuple[str, str, Json]:
    """The request that changes one's password: its method, path and body."""
    return "PATCH", OWN, {"password": password, "current_password": current}


def token_of(response: Response) -> str:
    """The token that somebody was given who registered, signed in or has a new password."""
    assert response.is_success, response.text
    body = response.json()
    return str(body.get("tokens", body)["access"])


def name_of(response: Response) -> str:
    """The name of whom an answer from `OWN` is about."""
    assert response.is_success, response.text
    return str(response.json()["username"])
