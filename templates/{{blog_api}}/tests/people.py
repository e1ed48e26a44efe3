"""How people get into the blog; tests that all projects have take it from here."""

from httpx2 import Response
from visitors import Json

SCHEME = "Token"
"""The word that stands before a token, as the specification has it; `Bearer` will do as well."""

CLAIMS: dict[str, str | int] = {"sub": "1", "ver": 0}
"""What a token says, with values that could be somebody's."""

LIFETIME = 7 * 24 * 60 * 60
"""How many seconds a token is good."""

ENVELOPE = "user"
"""What the fields of an account are wrapped in."""

REGISTER, LOGIN = "/users", "/users/login"

OWN = "/user"
"""Where those who are signed in find themselves."""

READ = ("/user", "/articles", "/profiles/ada")
"""Where tokens are looked at. `/articles` does without one, and yet a bad one is an error there
too: who sends one believes to be signed in."""

EXPOSED = "X-Request-ID, Retry-After"
"""The headers that a script at another origin may read."""

WRITTEN = ("POST", "/articles", {"article": {"title": "Hello", "description": "d", "body": "b"}})
"""Something that anybody who is signed in can write."""


def registration(username: str, email: str, password: str) -> Json:
    """The body of a registration."""
    return {"user": {"username": username, "email": email, "password": password}}


def login(email: str, password: str) -> Json:
    """The body of a login."""
    return {"user": {"email": email, "password": password}}


def new_password(password: str, _current: str) -> tuple[str, str, Json]:
    """The request that changes one's password: its method, path and body."""
    return "PUT", OWN, {"user": {"password": password}}


def token_of(response: Response) -> str:
    """The token that somebody was given who registered, signed in or changed their password."""
    assert response.is_success, response.text
    return str(response.json()["user"]["token"])


def name_of(response: Response) -> str:
    """The name of whom an answer from `OWN` is about."""
    assert response.is_success, response.text
    return str(response.json()["user"]["username"])
