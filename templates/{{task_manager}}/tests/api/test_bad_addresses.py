"""Addresses with something in them that cannot be are refused with words that say what it is."""

import pytest
from breaking import (
    INTEGER,
    NOT_POSITIVE,
    NUL,
    TOO_MANY_DIGITS,
    answer,
    answered,
    invalid,
    longest,
)
from databases import RolledBack, snapshot
from fastapi import FastAPI
from httpx2 import AsyncClient
from support import assert_problem, differences
from team import Person, alone
from visitors import Json
from walking import left_out, methods_at, operations, send
from wording import PROJECT_KEY, TASK_KEY, TOO_GREAT

from app.core.problems import NOT_HERE, Problem

NO_PROJECT = Problem(404, "There is no project with this key.", "no_project")
NO_TASK = Problem(404, "There is no task with this key.", "no_task")
NO_INVITATION = Problem(
    404, "There is no open invitation with this number in this project.", "no_invitation"
)
NO_COMMENT = Problem(404, "There is no comment with this number on this task.", "no_comment")
NO_NOTIFICATION = Problem(404, "There is no notification with this number.", "no_notification")
NO_MEMBER = Problem(404, "There is no member of this name in this project.", "no_member")


@pytest.fixture
async def ada(client: AsyncClient) -> Person:
    """Somebody with a project and a task."""
    return await alone(client, tasks=1)


# What may stand for each placeholder, and what is said of it.
PROJECT_KEYS = {
    "web": PROJECT_KEY,
    "W": PROJECT_KEY,
    "1WEB": PROJECT_KEY,
    "WEB%20": PROJECT_KEY,
    "WEB%0A": PROJECT_KEY,
    "W%C3%89B": PROJECT_KEY,
    "%FF": PROJECT_KEY,
    "WEB-1": PROJECT_KEY,
    "W%00": NUL,
    "W" * 11: longest(10),
}
TASK_KEYS = {
    "WEB": TASK_KEY,
    "1": TASK_KEY,
    "web-1": TASK_KEY,
    "WEB-0": TASK_KEY,
    "WEB-01": TASK_KEY,
    "WEB--1": TASK_KEY,
    "WEB-1.0": TASK_KEY,
    "WEB-%D9%A1": TASK_KEY,
    "WEB-1%0A": TASK_KEY,
    "WEB-9999999999": TASK_KEY,
    "%FF": TASK_KEY,
    "WEB-%00": NUL,
    "WEB-99999999999999999": longest(20),
}
NUMBERS = {
    "x": INTEGER,
    "%00": INTEGER,
    "1.5": INTEGER,
    "%D9%A1x": INTEGER,
    "0": NOT_POSITIVE,
    "-1": NOT_POSITIVE,
    str(2**63): TOO_GREAT,
    "9" * 5000: TOO_MANY_DIGITS,
}
NAMES = {"a%00b": NUL, "x" * 201: longest(200)}

# Each route whose address has placeholders, and what is sent to it, in which nothing is wrong.
PLACES: dict[str, Json] = {
    "GET /projects/{key}": None,
    "PATCH /projects/{key}": {"name": "New"},
    "DELETE /projects/{key}": None,
    "GET /projects/{key}/members": None,
    "PATCH /projects/{key}/members/{username}": {"role": "owner"},
    "DELETE /projects/{key}/members/{username}": None,
    "GET /projects/{key}/invitations": None,
    "POST /projects/{key}/invitations": {"email": "guest@example.com"},
    "DELETE /projects/{key}/invitations/{id}": None,
    "GET /projects/{key}/tasks": None,
    "POST /projects/{key}/tasks": {"title": "New"},
    "GET /projects/{key}/activity": None,
    "GET /projects/{key}/events": None,
    "GET /tasks/{key}": None,
    "PATCH /tasks/{key}": {"title": "New"},
    "DELETE /tasks/{key}": None,
    "POST /tasks/{key}/move": {"after": None},
    "GET /tasks/{key}/comments": None,
    "POST /tasks/{key}/comments": {"body": "New."},
    "GET /tasks/{key}/comments/{id}": None,
    "PATCH /tasks/{key}/comments/{id}": {"body": "New."},
    "DELETE /tasks/{key}/comments/{id}": None,
    "GET /tasks/{key}/activity": None,
    "PATCH /notifications/{id}": {"read": True},
}
ANY_VERSION = {"If-Match": "*"}


async def test_every_route_with_a_placeholder_is_in_the_table(app: FastAPI) -> None:
    declared = {route for route in operations(app) if "{" in route}
    assert left_out(declared, [route.replace(" ", " /api", 1) for route in PLACES]) == set()


@pytest.mark.parametrize("route", PLACES)
async def test_each_part_of_an_address_is_checked_and_the_message_names_it(
    ada: Person, database: RolledBack, route: str
) -> None:
    before = await snapshot(database)
    keys = TASK_KEYS if "/tasks/" in route else PROJECT_KEYS
    right = {"key": "WEB-1" if "/tasks/" in route else "WEB", "username": "ada", "id": "1"}
    found, expected = {}, {}
    for name, wrongs in {"key": keys, "username": NAMES, "id": NUMBERS}.items():
        for value, message in wrongs.items() if f"{{{name}}}" in route else ():
            address = route.format(**{**right, name: value})
            found[address] = answered(
                await send(ada, address, json=PLACES[route], headers=ANY_VERSION)
            )
            expected[address] = invalid(f"{name}: {message}")
    assert differences(found, expected) == {}
    assert await snapshot(database) == before


# What has the right form and is the name of nothing.
NOTHING: dict[str, Problem] = {
    "GET /projects/NOT": NO_PROJECT,
    "GET /projects/NOT/events": NO_PROJECT,
    "DELETE /projects/WEB/members/nobody": NO_MEMBER,
    "DELETE /projects/WEB/members/%FF": NO_MEMBER,
    "DELETE /projects/WEB/members/%E2%80%AE": NO_MEMBER,
    f"DELETE /projects/WEB/invitations/{2**63 - 1}": NO_INVITATION,
    "GET /tasks/WEB-2": NO_TASK,
    "GET /tasks/WEB-999999999": NO_TASK,
    "GET /tasks/NOT-1": NO_TASK,
    "DELETE /tasks/WEB-999999999": NO_TASK,
    "DELETE /tasks/NOT-1": NO_TASK,
    "GET /tasks/WEB-999999999/activity": NO_TASK,
    "GET /tasks/WEB-999999999/comments": NO_TASK,
    f"GET /tasks/WEB-1/comments/{2**63 - 1}": NO_COMMENT,
    f"DELETE /tasks/WEB-1/comments/{2**63 - 1}": NO_COMMENT,
    f"PATCH /notifications/{2**63 - 1}": NO_NOTIFICATION,
}


async def test_what_is_not_there_is_said_not_to_be_there(ada: Person, database: RolledBack) -> None:
    before = await snapshot(database)
    found = {
        route: answered(await send(ada, route, json={"read": True}, headers=ANY_VERSION))
        for route in NOTHING
    }
    assert differences(found, {route: answer(each) for route, each in NOTHING.items()}) == {}
    assert await snapshot(database) == before


async def test_an_unknown_address_is_not_found(ada: Person) -> None:
    for path in ("/nowhere", "/projects/WEB/nowhere", "/tasks", "//projects", "/account/1", ""):
        for method in ("GET", "POST", "DELETE"):
            assert_problem(await ada.request(method, path), NOT_HERE)


# An address, and the methods it knows.
METHODS = {
    "/auth/register": {"POST"},
    "/auth/login": {"POST"},
    "/auth/refresh": {"POST"},
    "/auth/logout": {"POST"},
    "/account": {"GET", "PATCH"},
    "/account/sessions": {"DELETE"},
    "/projects": {"GET", "POST"},
    "/projects/WEB": {"GET", "PATCH", "DELETE"},
    "/projects/WEB/members": {"GET"},
    "/projects/WEB/members/ada": {"PATCH", "DELETE"},
    "/projects/WEB/invitations": {"GET", "POST"},
    "/projects/WEB/invitations/1": {"DELETE"},
    "/invitations/accept": {"POST"},
    "/projects/WEB/tasks": {"GET", "POST"},
    "/tasks/WEB-1": {"GET", "PATCH", "DELETE"},
    "/tasks/WEB-1/move": {"POST"},
    "/tasks/WEB-1/comments": {"GET", "POST"},
    "/tasks/WEB-1/comments/1": {"GET", "PATCH", "DELETE"},
    "/projects/WEB/activity": {"GET"},
    "/tasks/WEB-1/activity": {"GET"},
    "/projects/WEB/events": {"GET"},
    "/notifications": {"GET", "PATCH"},
    "/notifications/1": {"PATCH"},
}


async def test_a_wrong_method_is_told_the_right_ones(
    ada: Person, database: RolledBack, app: FastAPI
) -> None:
    before = await snapshot(database)
    assert differences(await methods_at(ada, METHODS), METHODS) == {}
    assert await snapshot(database) == before
    asked = [f"{method} /api{path}" for path, methods in METHODS.items() for method in methods]
    assert left_out({route for route in operations(app) if "/api/" in route}, asked) == set()
