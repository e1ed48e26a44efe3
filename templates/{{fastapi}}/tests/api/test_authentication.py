"""The Authorization header: which tokens are good, and what is said of those that are not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import people
import pytest
from databases import RolledBack
from httpx2 import AsyncClient
from joining import enter
from people import CLAIMS, SCHEME
from sqlalchemy import delete
from support import SECRET, assert_problem

from app.core.problems import Problem
from app.users.models import User

NOT_VALID = Problem(401, "The token is not valid. Sign in again.", "token_invalid")
EXPIRED = Problem(401, "The token has expired. Sign in again.", "token_expired")
REVOKED = Problem(401, "The token has been revoked. Sign in again.", "token_revoked")
MISSING = Problem(401, "Sign in: the Authorization header is missing.", "not_authenticated")
WRONG_FORM = Problem(
    401, f'The Authorization header must be "{SCHEME}" and your token.', "token_invalid"
)


def forged(secret: str | None = SECRET, algorithm: str = "HS256", **changed: Any) -> str:
    now = datetime.now(UTC)
    claims = {**CLAIMS, "iat": now, "exp": now + timedelta(hours=1), **changed}
    given = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(given, secret or "", algorithm=algorithm)


def with_claim(name: str, value: str | None) -> str:
    """A header with a good token in which one claim is another, or is missing."""
    changed: dict[str, Any] = {name: value}
    return f"{SCHEME} {forged(**changed)}"


def tampered() -> str:
    header, _, signature = forged().split(".")
    payload = forged(sub="2").split(".")[1]
    return f"{header}.{payload}.{signature}"


LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

BAD_HEADERS = {
    "empty": ("", WRONG_FORM),
    "scheme alone": (SCHEME, WRONG_FORM),
    "scheme and spaces": (f"{SCHEME}   ", WRONG_FORM),
    "no scheme": (forged(), WRONG_FORM),
    "another scheme": ("Basic YWRhOnBhc3N3b3Jk", WRONG_FORM),
    "garbled": (f"{SCHEME} x.y.z", NOT_VALID),
    "no token at all": (f"{SCHEME} null", NOT_VALID),
    "two tokens": (f"{SCHEME} {forged()} {forged()}", NOT_VALID),
    "expired": (f"{SCHEME} {forged(exp=LONG_AGO)}", EXPIRED),
    "from the future": (f"{SCHEME} {forged(iat=datetime(2999, 1, 1, tzinfo=UTC))}", NOT_VALID),
    "signed by somebody else": (
        f"{SCHEME} {forged('another-secret-of-the-same-length')}",
        NOT_VALID,
    ),
    "not signed": (f"{SCHEME} {forged(None, 'none')}", NOT_VALID),
    "signed with another algorithm": (f"{SCHEME} {forged(SECRET * 2, 'HS512')}", NOT_VALID),
    "changed after signing": (f"{SCHEME} {tampered()}", NOT_VALID),
    "without an end": (f"{SCHEME} {forged(exp=None)}", NOT_VALID),
    **{f"without {claim}": (with_claim(claim, None), NOT_VALID) for claim in CLAIMS},
    **{f"{claim} that is no number": (with_claim(claim, "ada"), NOT_VALID) for claim in CLAIMS},
    "of nobody": (f"{SCHEME} {forged(sub='999999')}", REVOKED),
}


@pytest.mark.parametrize(("header", "problem"), BAD_HEADERS.values(), ids=BAD_HEADERS)
async def test_a_bad_token_is_refused_also_where_none_is_needed(
    client: AsyncClient, header: str, problem: Problem
) -> None:
    for path in people.READ:
        response = await client.get(f"/api{path}", headers={"Authorization": header})
        assert_problem(response, problem)
        assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("scheme", [SCHEME, SCHEME.lower(), "Bearer", "BEARER", f"{SCHEME}  "])
async def test_a_scheme_is_understood_in_any_capitals(client: AsyncClient, scheme: str) -> None:
    ada = await enter(client, "ada")
    headers = {"Authorization": f"{scheme} {ada.token}"}
    assert (await client.get(f"/api{people.OWN}", headers=headers)).status_code == 200


async def test_a_missing_header_is_said_to_be_missing(client: AsyncClient) -> None:
    response = await client.get(f"/api{people.OWN}")
    assert_problem(response, MISSING)
    assert response.headers["www-authenticate"] == "Bearer"


async def test_the_token_of_somebody_who_is_gone_is_revoked(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await enter(client, "ada")
    async with database.session() as session:
        await session.execute(delete(User))
        await session.commit()
    for path in people.READ:
        assert_problem(await ada.get(path), REVOKED)


async def test_a_token_says_who_somebody_is_and_nothing_more(client: AsyncClient) -> None:
    ada = await enter(client, "ada")
    claims = jwt.decode(ada.token, options={"verify_signature": False})
    assert set(claims) == {*CLAIMS, "iat", "exp"}
    assert claims["exp"] - claims["iat"] == people.LIFETIME
    assert jwt.get_unverified_header(ada.token) == {"alg": "HS256", "typ": "JWT"}
