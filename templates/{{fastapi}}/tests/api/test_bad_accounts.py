"""Accounts and sign-ins that cannot be right are refused, and the message names the field."""

from typing import Any

import people
from breaking import (
    HALF,
    MISSING,
    NOT_AN_ADDRESS,
    NUL,
    REQUIRED,
    STRING,
    answered,
    broken,
    escaped,
    invalid,
    longest,
    shortest,
)
from databases import RolledBack, snapshot
from httpx2 import AsyncClient
from joining import PASSWORD
from support import differences
from visitors import Json, Visitor

NEW_USER = {"username": "eve", "email": "eve@example.com", "password": PASSWORD}
LOGIN = {"email": "eve@example.com", "password": PASSWORD}
NAME = "may have letters, digits, dots, hyphens, underscores, and single spaces between them"
NO_LETTER = "needs a letter or a digit"

# A path, a body that is right, and what is wrong in which field.
FIELDS: list[tuple[str, dict[str, Any], list[tuple[str, Json, str]]]] = [
    (
        people.REGISTER,
        NEW_USER,
        [
            ("username", MISSING, REQUIRED),
            ("username", 1, STRING),
            ("username", "", shortest(1)),
            ("username", "x" * 51, longest(50)),
            ("username", " ", NAME),
            ("username", "-_-", NO_LETTER),
            ("username", " ada", NAME),
            ("username", "a  b", NAME),
            ("username", "a/b", NAME),
            ("username", ".", NO_LETTER),
            ("username", "..", NO_LETTER),
            ("username", "a\n", NAME),
            ("username", "a\0b", NAME),
            ("username", "\u202eada", NAME),
            ("username", "\U0001f600", NAME),
            ("email", MISSING, REQUIRED),
            ("email", [], STRING),
            ("email", "", shortest(3)),
            ("email", "ada", NOT_AN_ADDRESS),
            ("email", "a" * 250 + "@example.com", longest(254)),
            ("password", MISSING, REQUIRED),
            ("password", None, STRING),
            ("password", "1234567", shortest(8)),
            ("password", "x" * 129, longest(128)),
            ("username", "\ud800", HALF),
            ("email", "\ud800@example.com", HALF),
            ("password", "\ud800\ud800\ud800\ud800", HALF),
        ],
    ),
    (
        people.LOGIN,
        LOGIN,
        [
            ("email", MISSING, REQUIRED),
            ("email", 1, STRING),
            ("email", "\0", NUL),
            ("email", "\ud800", HALF),
            ("email", "x" * 1001, longest(1000)),
            ("password", MISSING, REQUIRED),
            ("password", "x" * 1001, longest(1000)),
        ],
    ),
]


def in_envelope(fields: Json) -> Json:
    return {people.ENVELOPE: fields} if people.ENVELOPE else fields


def place(field: str) -> str:
    return f"{people.ENVELOPE}.{field}" if people.ENVELOPE else field


async def test_each_field_is_checked_and_the_message_names_it(
    client: AsyncClient, database: RolledBack
) -> None:
    before = await snapshot(database)
    found, expected = {}, {}
    for path, right, wrongs in FIELDS:
        for field, value, message in wrongs:
            case = f"{path}: {field} = {str(value)[:30]!r}"
            body = escaped(in_envelope(broken(right, field, value)))
            found[case] = answered(await Visitor(client).request("POST", path, **body))
            expected[case] = invalid(f"{place(field)}: {message}")
    assert differences(found, expected) == {}
    assert await snapshot(database) == before
