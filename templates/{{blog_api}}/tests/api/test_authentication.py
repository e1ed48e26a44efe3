"""The Authorization header: which tokens are good, and what is said of those that are not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from blog import Person, join
from databases import RolledBack
from httpx2 import AsyncClient
from sqlalchemy import delete
from support import SECRET, assert_error

from app.users.models import User

NOT_VALID = "The token is not valid. Sign in again."
WRONG_FORM = 'The Authorization header must be "Token" and your token.'

# `/articles` does without a token, and yet a bad one is an error there too: who sends one believes
# to be signed in.
PATHS = ("/api/user", "/api/articles", "/api/profiles/ada")


def forged(secret: str | None = SECRET, algorithm: str = "HS256", **changed: Any) -> str:
    now = datetime.now(UTC)
    claims = {"sub": "1", "ver": 0, "iat": now, "exp": now + timedelta(hours=1), **changed}
    given = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(given, secret or "", algorithm=algorithm)


def tampered() -> str:
    header, _, signature = forged().split(".")
    payload = forged(sub="2").split(".")[1]
    return f"{header}.{payload}.{signature}"


LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

BAD_HEADERS = {
    "empty": ("", WRONG_FORM),
    "scheme alone": ("Token", WRONG_FORM),
    "scheme and spaces": ("Token   ", WRONG_FORM),
    "no scheme": (forged(), WRONG_FORM),
    "another scheme": ("Basic YWRhOnBhc3N3b3Jk", WRONG_FORM),
    "garbled": ("Token x.y.z", NOT_VALID),
    "no token at all": ("Token null", NOT_VALID),
    "two tokens": (f"Token {forged()} {forged()}", NOT_VALID),
    "expired": (f"Token {forged(exp=LONG_AGO)}", "The token has expired. Sign in again."),
    "from the future": (f"Token {forged(iat=datetime(2999, 1, 1, tzinfo=UTC))}", NOT_VALID),
    "signed by somebody else": (f"Token {forged('another-secret-of-the-same-length')}", NOT_VALID),
    "not signed": (f"Token {forged(None, 'none')}", NOT_VALID),
    "signed with another algorithm": (f"Token {forged(SECRET * 2, 'HS512')}", NOT_VALID),
    "changed after signing": (f"Token {tampered()}", NOT_VALID),
    "without a user": (f"Token {forged(sub=None)}", NOT_VALID),
    "without an end": (f"Token {forged(exp=None)}", NOT_VALID),
    "a user who is no number": (f"Token {forged(sub='ada')}", NOT_VALID),
    "a version that is no number": (f"Token {forged(ver='x')}", NOT_VALID),
    "of nobody": (f"Token {forged(sub='999999')}", "The token has been revoked. Sign in again."),
}


@pytest.mark.parametrize(("header", "message"), BAD_HEADERS.values(), ids=BAD_HEADERS)
async def test_a_bad_token_is_refused_also_where_none_is_needed(
    client: AsyncClient, header: str, message: str
) -> None:
    for path in PATHS:
        response = await client.get(path, headers={"Authorization": header})
        assert_error(response, 401, message)
        assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("scheme", ["Token", "token", "Bearer", "BEARER", "Token  "])
async def test_both_schemes_are_understood_in_any_capitals(
    client: AsyncClient, scheme: str
) -> None:
    ada = await join(client, "ada")
    response = await client.get("/api/user", headers={"Authorization": f"{scheme} {ada.token}"})
    assert response.status_code == 200


async def test_a_missing_header_is_said_to_be_missing(client: AsyncClient) -> None:
    response = await client.get("/api/user")
    assert_error(response, 401, "Sign in: the Authorization header is missing.")
    assert response.headers["www-authenticate"] == "Bearer"


async def test_the_token_of_somebody_who_is_gone_is_revoked(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await join(client, "ada")
    async with database.session() as session:
        await session.execute(delete(User))
        await session.commit()
    response = await ada.get("/articles")
    assert_error(response, 401, "The token has been revoked. Sign in again.")


async def test_a_token_says_who_somebody_is_and_nothing_more(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    claims = jwt.decode(ada.token, options={"verify_signature": False})
    assert set(claims) == {"sub", "ver", "iat", "exp"}
    assert claims["exp"] - claims["iat"] == timedelta(days=7).total_seconds()
    assert jwt.get_unverified_header(ada.token) == {"alg": "HS256", "typ": "JWT"}
    assert (await Person(client, token=ada.token).get("/user")).status_code == 200
