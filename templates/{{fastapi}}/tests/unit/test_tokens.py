"""Access tokens."""

from datetime import timedelta

import jwt
import pytest
from support import SECRET

from app.core.errors import NotAuthenticatedError
from app.core.tokens import Claims, Tokens, token_from_header


def test_a_token_says_what_it_was_issued_with() -> None:
    tokens = Tokens(SECRET, timedelta(minutes=5))
    assert tokens.read(tokens.issue(Claims(user=7, version=3))) == Claims(user=7, version=3)


def test_a_token_ends_with_its_lifetime() -> None:
    tokens = Tokens(SECRET, timedelta(seconds=-1))
    with pytest.raises(NotAuthenticatedError, match=r"^The token has expired. Sign in again.$"):
        tokens.read(tokens.issue(Claims(1, 0)))


def test_a_token_signed_with_another_secret_is_not_valid() -> None:
    other = Tokens(SECRET[::-1], timedelta(minutes=5))
    with pytest.raises(NotAuthenticatedError, match=r"^The token is not valid. Sign in again.$"):
        Tokens(SECRET, timedelta(minutes=5)).read(other.issue(Claims(1, 0)))


def test_the_token_does_not_choose_the_algorithm() -> None:
    tokens = Tokens(SECRET, timedelta(minutes=5))
    claims = jwt.decode(tokens.issue(Claims(1, 0)), options={"verify_signature": False})
    for forged in (
        jwt.encode(claims, "", "none"),
        jwt.encode(claims, SECRET * 2, "HS512"),
    ):
        with pytest.raises(NotAuthenticatedError):
            tokens.read(forged)


@pytest.mark.parametrize("header", ["Token abc", "token  abc ", "Bearer abc", "BEARER abc"])
def test_both_schemes_are_read(header: str) -> None:
    assert token_from_header(header) == "abc"


@pytest.mark.parametrize("header", ["", "Token", "Token ", "abc", "Basic abc", " Token abc"])
def test_another_form_of_header_is_refused(header: str) -> None:
    with pytest.raises(NotAuthenticatedError, match=r'^The Authorization header must be "Token"'):
        token_from_header(header)
