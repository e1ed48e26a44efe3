"""Access tokens."""

from datetime import timedelta

import jwt
import pytest
from support import SECRET

from app.core.errors import NotAuthenticatedError
from app.core.tokens import Tokens, token_from_header


def test_a_token_says_what_it_was_issued_with() -> None:
    tokens = Tokens(SECRET, timedelta(minutes=5))
    token = tokens.issue(sub=7, ver=3)
    assert tokens.read(token, "sub", "ver") == (7, 3)
    assert tokens.read(token, "ver") == (3,)


def test_a_token_for_one_purpose_is_none_for_another() -> None:
    tokens = Tokens(SECRET, timedelta(minutes=5))
    with pytest.raises(NotAuthenticatedError, match=r"^The token is not valid. Sign in again.$"):
        tokens.read(tokens.issue(sub=7, ver=3), "sub", "sid")


def test_a_token_may_be_good_for_another_time_than_others() -> None:
    tokens = Tokens(SECRET, timedelta(seconds=-1))
    assert tokens.read(tokens.issue(lifetime=timedelta(days=1), inv=1), "inv") == (1,)


def test_a_token_ends_with_its_lifetime() -> None:
    tokens = Tokens(SECRET, timedelta(seconds=-1))
    with pytest.raises(NotAuthenticatedError, match=r"^The token has expired. Sign in again.$"):
        tokens.read(tokens.issue(sub=1), "sub")


def test_a_token_signed_with_another_secret_is_not_valid() -> None:
    other = Tokens(SECRET[::-1], timedelta(minutes=5))
    with pytest.raises(NotAuthenticatedError, match=r"^The token is not valid. Sign in again.$"):
        Tokens(SECRET, timedelta(minutes=5)).read(other.issue(sub=1), "sub")


def test_the_token_does_not_choose_the_algorithm() -> None:
    tokens = Tokens(SECRET, timedelta(minutes=5))
    claims = jwt.decode(tokens.issue(sub=1), options={"verify_signature": False})
    for forged in (
        jwt.encode(claims, "", "none"),
        jwt.encode(claims, SECRET * 2, "HS512"),
    ):
        with pytest.raises(NotAuthenticatedError):
            tokens.read(forged, "sub")


@pytest.mark.parametrize("header", ["Token abc", "token  abc ", "Bearer abc", "BEARER abc"])
def test_both_schemes_are_read(header: str) -> None:
    assert token_from_header(header, ("Token", "Bearer")) == "abc"


@pytest.mark.parametrize("header", ["", "Token", "Token ", "abc", "Basic abc", " Token abc"])
def test_another_form_of_header_is_refused(header: str) -> None:
    with pytest.raises(NotAuthenticatedError, match=r'^The Authorization header must be "Token"'):
        token_from_header(header, ("Token", "Bearer"))
