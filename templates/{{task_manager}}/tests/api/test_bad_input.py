"""What cannot be right in a body is refused with words that say what is wrong; nothing changes."""

from typing import Any

import pytest
from breaking import (
    BLANK,
    HALF,
    LIST,
    MISSING,
    NO_COMMA,
    NOT_AN_ADDRESS,
    NOT_POSITIVE,
    NUL,
    ONE_LINE,
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
from fastapi import FastAPI
from httpx2 import AsyncClient
from joining import PASSWORD
from support import differences
from team import Person, team
from visitors import Json
from walking import left_out, send
from wording import DAY, PRIORITY, PROJECT_KEY, STATUS, TASK_KEY, UNKNOWN

NOTHING = "at least one field is required"
ROLE = "Input should be 'viewer', 'member', 'maintainer' or 'owner'"
BOOLEAN = "Input should be a valid boolean"
NUMBER = "Input should be a valid integer"
NOT_EXACT = "Input should be less than or equal to 9007199254740991"

Wrong = tuple[str, Json, str]


def token_of(field: str) -> list[Wrong]:
    """What is wrong with a token that cannot be one."""
    return [
        (field, MISSING, REQUIRED),
        (field, None, STRING),
        (field, 1, STRING),
        (field, "\0", NUL),
        (field, "\ud800", HALF),
        (field, "x" * 2001, longest(2000)),
    ]


REFRESH: list[Wrong] = [*token_of("refresh"), ("access", "x", UNKNOWN)]
NAME: list[Wrong] = [
    ("name", 1, STRING),
    ("name", " ", ONE_LINE),
    ("name", "Evil\n\nCall \x1b[31mred", ONE_LINE),
    ("name", "\0", NUL),
    ("name", "\ud800", HALF),
    ("name", "x" * 101, longest(100)),
    ("description", 1, STRING),
    ("description", "\0", NUL),
    ("description", "x" * 5001, longest(5000)),
]
ROLES: list[Wrong] = [
    ("role", None, ROLE),
    ("role", 1, ROLE),
    ("role", "", ROLE),
    ("role", "Owner", ROLE),
    ("role", ["owner"], ROLE),
]
BODY: list[Wrong] = [
    ("body", MISSING, REQUIRED),
    ("body", None, STRING),
    ("body", ["x"], STRING),
    ("body", "", BLANK),
    ("body", " \n ", BLANK),
    ("body", "a\0b", NUL),
    ("body", "a\ud800", HALF),
    ("body", "x" * 10_001, longest(10_000)),
    ("author", "bob", UNKNOWN),
]
TASK: list[Wrong] = [
    ("title", 1, STRING),
    ("title", 10**400, STRING),
    ("title", True, STRING),
    ("title", ["x"], STRING),
    ("title", {}, STRING),
    ("title", "", ONE_LINE),
    ("title", " \t\n", ONE_LINE),
    ("title", "\u3000\ufeff", ONE_LINE),
    ("title", "a\nb", ONE_LINE),
    ("title", "a\x1b[31mb", ONE_LINE),
    ("title", "a\0b", NUL),
    ("title", "a\ud800", HALF),
    ("title", "x" * 201, longest(200)),
    ("description", 1, STRING),
    ("description", "\0", NUL),
    ("description", "\udfff", HALF),
    ("description", "x" * 50_001, longest(50_000)),
    ("priority", 1, PRIORITY),
    ("priority", "High", PRIORITY),
    ("assignee", 1, STRING),
    ("assignee", "\0", NUL),
    ("assignee", "x" * 201, longest(200)),
    ("assignee", "nobody", "is not a member of this project"),
    ("assignee", "", "is not a member of this project"),
    ("labels", "x", LIST),
    ("labels", {"x": 1}, LIST),
    ("labels.1", ["ok", 1], STRING),
    ("labels.0", [None], STRING),
    ("labels.0", ["\0"], NUL),
    ("labels.0", ["\ud800"], HALF),
    ("labels.0", [" "], NO_COMMA),
    ("labels.0", ["a,b"], NO_COMMA),
    ("labels.0", ["a\nb"], NO_COMMA),
    ("labels.0", ["x" * 51], longest(50)),
    (
        "labels",
        [str(number) for number in range(21)],
        "List should have at most 20 items after validation, not 21",
    ),
    ("due_date", 0, DAY),
    ("due_date", 20261231, DAY),
    ("due_date", True, DAY),
    ("due_date", "", DAY),
    ("due_date", "tomorrow", DAY),
    ("due_date", "20261231", DAY),
    ("due_date", "2026-02-30", DAY),
    ("due_date", "0000-01-01", DAY),
    ("due_date", "10000-01-01", DAY),
    ("due_date", "2026-W01-1", DAY),
    ("due_date", "2026-12-31T00:00:00", DAY),
    ("due_date", "٢٠٢٦-١٢-٣١", DAY),
    ("parent", 1, STRING),
    ("parent", "1", TASK_KEY),
    ("parent", "web-1", TASK_KEY),
    ("parent", "WEB-0", TASK_KEY),
    ("parent", "WEB-01", TASK_KEY),
    ("parent", "WEB-1\n", TASK_KEY),
    ("parent", "WEB-9999999999", TASK_KEY),
    ("parent", "x" * 21, longest(20)),
    ("parent", "WEB-99", "is not a task of this project"),
    ("parent", "API-1", "is not a task of this project"),
    ("created_at", "2026-12-31", UNKNOWN),
]

EMAIL: list[Wrong] = [
    ("email", 1, STRING),
    ("email", "", shortest(3)),
    ("email", "ada", NOT_AN_ADDRESS),
    ("email", "a" * 250 + "@example.com", longest(254)),
    ("email", "\ud800@example.com", HALF),
]

# Route, a body that is right, and what is wrong in which field.
FIELDS: dict[str, tuple[dict[str, Any], list[Wrong]]] = {
    "POST /auth/refresh": ({"refresh": "x"}, REFRESH),
    "POST /auth/logout": ({"refresh": "x"}, REFRESH),
    "POST /invitations/accept": ({"token": "x"}, [*token_of("token"), ("role", "owner", UNKNOWN)]),
    "PATCH /account": (
        {"email": "new@example.com", "current_password": PASSWORD},
        [
            *EMAIL,
            ("email", MISSING, NOTHING),
            ("email", None, STRING),
            ("password", None, STRING),
            ("password", 1, STRING),
            ("password", "1234567", shortest(8)),
            ("password", "x" * 129, longest(128)),
            ("current_password", MISSING, REQUIRED),
            ("current_password", None, STRING),
            ("current_password", "x" * 1001, longest(1000)),
            ("current_password", "wrong", "is wrong"),
            ("username", "eve", UNKNOWN),
        ],
    ),
    "POST /projects": (
        {"key": "NEW", "name": "New"},
        [
            ("key", MISSING, REQUIRED),
            ("key", None, STRING),
            ("key", 1, STRING),
            ("key", "", PROJECT_KEY),
            ("key", "A", PROJECT_KEY),
            ("key", "new", PROJECT_KEY),
            ("key", "1NEW", PROJECT_KEY),
            ("key", "N W", PROJECT_KEY),
            ("key", "NÉW", PROJECT_KEY),
            ("key", "NEW\n", PROJECT_KEY),
            ("key", "N\0W", NUL),
            ("key", "N\ud800", HALF),
            ("key", "A" * 11, longest(10)),
            ("name", MISSING, REQUIRED),
            *NAME,
            ("owner", "ada", UNKNOWN),
        ],
    ),
    "PATCH /projects/WEB": (
        {"name": "New"},
        [
            ("name", MISSING, NOTHING),
            ("name", None, STRING),
            ("description", None, STRING),
            *NAME,
            ("key", "NEW", UNKNOWN),
        ],
    ),
    "PATCH /projects/WEB/members/bob": (
        {"role": "viewer"},
        [("role", MISSING, REQUIRED), *ROLES, ("username", "eve", UNKNOWN)],
    ),
    "POST /projects/WEB/invitations": (
        {"email": "guest@example.com"},
        [("email", MISSING, REQUIRED), *EMAIL, *ROLES, ("lifetime", 9, UNKNOWN)],
    ),
    "POST /projects/WEB/tasks": (
        {"title": "New"},
        [
            ("title", MISSING, REQUIRED),
            ("title", None, STRING),
            ("description", None, STRING),
            ("priority", None, PRIORITY),
            ("labels", None, LIST),
            ("status", "done", UNKNOWN),
            *TASK,
        ],
    ),
    "PATCH /tasks/WEB-1": (
        {"title": "New"},
        [
            ("title", MISSING, NOTHING),
            ("title", None, STRING),
            ("description", None, STRING),
            ("status", None, STATUS),
            ("priority", None, PRIORITY),
            ("labels", None, LIST),
            ("status", 1, STATUS),
            ("status", "blocked", STATUS),
            ("parent", "WEB-1", "is the task itself"),
            ("after", "WEB-2", UNKNOWN),
            *TASK,
        ],
    ),
    "POST /tasks/WEB-1/move": (
        {"after": None},
        [
            ("after", MISSING, REQUIRED),
            ("after", 1, STRING),
            ("after", "2", TASK_KEY),
            ("after", "WEB-2 ", TASK_KEY),
            ("after", "WEB-\0", NUL),
            ("status", None, STATUS),
            ("status", "blocked", STATUS),
            ("rank", 1, UNKNOWN),
        ],
    ),
    "POST /tasks/WEB-1/comments": ({"body": "New."}, BODY),
    "PATCH /tasks/WEB-1/comments/{comment}": ({"body": "New."}, BODY),
    "PATCH /notifications/{note}": (
        {"read": True},
        [
            ("read", MISSING, REQUIRED),
            ("read", None, BOOLEAN),
            ("read", 1, BOOLEAN),
            ("read", "true", BOOLEAN),
            ("read_at", "2026-12-31", UNKNOWN),
        ],
    ),
    "PATCH /notifications": (
        {"read": [1]},
        [
            ("read", MISSING, REQUIRED),
            ("read", None, LIST),
            ("read", 1, LIST),
            ("read", True, LIST),
            ("read", {"1": 1}, LIST),
            ("read", [], "List should have at least 1 item after validation, not 0"),
            ("read", [1] * 101, "List should have at most 100 items after validation, not 101"),
            ("read.0", [None], NUMBER),
            ("read.1", [1, "1"], NUMBER),
            ("read.0", [True], NUMBER),
            ("read.0", [1.5], NUMBER),
            ("read.0", [0], NOT_POSITIVE),
            ("read.0", [-1], NOT_POSITIVE),
            ("read.0", [2**53], NOT_EXACT),
            ("read.0", [10**400], NOT_EXACT),
            ("read_until", 1, UNKNOWN),
        ],
    ),
}


@pytest.fixture
async def scene(client: AsyncClient, database: RolledBack) -> tuple[Person, dict[str, str]]:
    """Somebody who may do all of it, and what stands in addresses."""
    ada, bob = await team(client, database, ada="owner", bob="member")
    await ada.start("API")
    await ada.add(project="API")
    await ada.add()
    await ada.add()
    await bob.comment("WEB-1", "@ada")
    comment = await ada.comment("WEB-1", "Mine.")
    note, *_ = await ada.pages("/notifications")
    return ada, {"comment": str(comment["id"]), "note": str(note["id"])}


def place(field: str, message: str) -> str:
    return "body" if message == NOTHING else field


@pytest.mark.parametrize("route", FIELDS)
async def test_each_field_is_checked_and_the_message_names_it(
    scene: tuple[Person, dict[str, str]], database: RolledBack, route: str
) -> None:
    ada, values = scene
    before = await snapshot(database)
    right, wrongs = FIELDS[route]
    found, expected = {}, {}
    for field, value, message in wrongs:
        sent = escaped(broken(right, field.partition(".")[0], value))
        sent["headers"]["If-Match"] = "*"
        case = f"{field} = {str(value)[:30]!a}"
        found[case] = answered(await send(ada, route.format(**values), **sent))
        expected[case] = invalid(f"{place(field, message)}: {message}")
    assert differences(found, expected) == {}
    assert await snapshot(database) == before


async def test_every_route_that_takes_a_body_is_in_the_table(app: FastAPI) -> None:
    taking = {
        f"{method.upper()} {path}"
        for path, methods in app.openapi()["paths"].items()
        for method, operation in methods.items()
        if "requestBody" in operation
    }
    asked = [route.replace(" ", " /api", 1) for route in FIELDS]
    # These two are tested for all services.
    assert left_out(taking, asked) == {"POST /api/auth/register", "POST /api/auth/login"}


async def test_all_that_is_wrong_is_said_at_once(scene: tuple[Person, dict[str, str]]) -> None:
    ada, _ = scene
    response = await ada.post("/projects/WEB/tasks", {"labels": [1], "due_date": 2, "x": 3})
    assert answered(response) == invalid(
        f"title: {REQUIRED}", f"labels.0: {STRING}", f"due_date: {DAY}", f"x: {UNKNOWN}"
    )
