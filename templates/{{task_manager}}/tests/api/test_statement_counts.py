"""How many statements each route sends to the database; long lists take no more than short ones."""

from collections.abc import Iterator

import pytest
from databases import RolledBack
from fastapi import FastAPI
from httpx2 import AsyncClient
from joining import PASSWORD, sign_in
from team import Person, ended_streams, invite, join, team, token_in_mail, took
from visitors import Json
from walking import count_statements, filled, left_out, operations

USER = {"username": "eve", "email": "eve@example.com", "password": PASSWORD}
LOGIN = {"email": "ada@example.com", "password": PASSWORD}
REFRESH = {"refresh": "{refresh}"}
ACCOUNT = {"email": "new@example.com", "current_password": PASSWORD}
PASSWORDS = {"password": "another battery staple", "current_password": PASSWORD}
PROJECT = {"key": "NEW", "name": "New"}
GUEST = {"email": "guest@example.com"}
TASK = {"title": "New", "labels": ["x", "y", "z"], "assignee": "bob", "parent": "WEB-1"}
CHANGES = {**TASK, "title": "Changed", "status": "in_progress"}

# Route, and how many statements it takes. The first of them asks whose token it is, the second
# whether they are in the project.
LISTS: dict[str, int] = {
    "GET /projects": 2,
    "GET /projects/WEB/members": 3,
    "GET /projects/WEB/invitations": 3,
    "GET /projects/WEB/tasks": 3,
    "GET /projects/WEB/tasks?sort=-updated&status=todo&priority=normal&subtask=true": 3,
    "GET /projects/WEB/tasks?assignee=bob&author=ada&label=x&parent=WEB-1&q=something": 3,
    "GET /tasks/WEB-1/comments": 4,
    "GET /tasks/WEB-1/comments?render=html": 4,
    "GET /projects/WEB/activity": 3,
    "GET /projects/WEB/activity?order=newest&after=9999": 3,
    "GET /tasks/WEB-1/activity": 3,
    "GET /notifications": 3,
    "GET /notifications?read=false": 3,
}
OTHERS: list[tuple[str, int, Json]] = [
    ("POST /auth/register", 4, USER),
    ("POST /auth/login", 4, LOGIN),
    ("POST /auth/refresh", 2, REFRESH),
    ("POST /auth/logout", 1, REFRESH),
    ("GET /account", 1, None),
    ("PATCH /account", 4, ACCOUNT),
    ("PATCH /account", 7, PASSWORDS),
    ("DELETE /account/sessions", 2, None),
    ("POST /projects", 5, PROJECT),
    ("GET /projects/WEB", 2, None),
    ("PATCH /projects/WEB", 4, {"name": "New"}),
    ("DELETE /projects/WEB", 4, None),
    ("PATCH /projects/WEB/members/bob", 7, {"role": "viewer"}),
    ("DELETE /projects/WEB/members/carl", 8, None),
    ("POST /projects/WEB/invitations", 9, GUEST),
    ("DELETE /projects/WEB/invitations/{invitation}", 6, None),
    ("POST /invitations/accept", 9, {"token": "{token}"}),
    ("POST /projects/WEB/tasks", 10, {"title": "New"}),
    ("POST /projects/WEB/tasks", 14, TASK),
    ("GET /projects/WEB/events", 2, None),
    ("GET /tasks/WEB-1", 3, None),
    ("PATCH /tasks/WEB-2", 8, {"title": "New"}),
    ("PATCH /tasks/WEB-2", 11, {"status": "in_progress"}),
    ("PATCH /tasks/WEB-2", 19, CHANGES),
    ("POST /tasks/WEB-2/move", 6, {"after": "WEB-1"}),
    ("POST /tasks/WEB-2/move", 10, {"after": None, "status": "in_progress"}),
    ("DELETE /tasks/WEB-2", 9, None),
    ("POST /tasks/WEB-1/comments", 7, {"body": "New."}),
    ("POST /tasks/WEB-1/comments", 9, {"body": "New, @bob and @carl."}),
    ("GET /tasks/WEB-1/comments/{comment}", 4, None),
    ("GET /tasks/WEB-1/comments/{comment}?render=html", 4, None),
    ("PATCH /tasks/WEB-1/comments/{comment}", 8, {"body": "New."}),
    ("PATCH /tasks/WEB-1/comments/{comment}", 11, {"body": "New, @bob and @carl."}),
    ("DELETE /tasks/WEB-1/comments/{comment}", 8, None),
    ("PATCH /notifications", 2, {"read": list(range(1, 101))}),
    ("PATCH /notifications/{note}", 3, {"read": True}),
]


async def scene(client: AsyncClient, database: RolledBack) -> tuple[Person, Person, dict[str, str]]:
    """Ada, who owns the project, Bob, who works there, and what stands in addresses and bodies."""
    ada, bob, _ = await team(client, database, ada="owner", bob="maintainer", carl="member")
    await ada.add(assignee="carl")
    await ada.add(assignee="carl")
    await add(ada, bob, database, range(1))
    comment = await ada.comment("WEB-1", "Mine.")
    invited = await ada.post("/projects/WEB/invitations", {"email": "dora@example.com"})
    notes = await ada.pages("/notifications")
    eve = await join(client, "edgar")
    await eve.start("EVE")
    took(await eve.post("/projects/EVE/invitations", {"email": "ada@example.com"}), 201)
    values = {
        "comment": str(comment["id"]),
        "invitation": str(took(invited, 201)["id"]),
        "note": str(notes[0]["id"]),
        "refresh": took(await sign_in(client, "ada"), 200)["refresh"],
        "token": await token_in_mail(database),
    }
    return ada, bob, values


async def add(ada: Person, bob: Person, database: RolledBack, numbers: range) -> None:
    """Have them make more of everything that is listed, and be joined by others."""
    for number in numbers:
        await invite(ada, database, await join(ada.client, f"p{number}"))
        await ada.start(f"P{number + 10}")
        await ada.post("/projects/WEB/invitations", {"email": f"guest{number}@example.com"})
        await ada.add("Something", labels=["x", "y"], assignee="bob", parent="WEB-1")
        await bob.add("Something", assignee="ada")
        await bob.comment("WEB-1", f"@ada, *this* is comment {number}.")
        await bob.change("WEB-1", title=f"Title {number}")
        await ada.add("Something", assignee="carl")


async def test_every_route_is_in_a_table(app: FastAPI) -> None:
    asked = [route.replace(" ", " /api", 1).partition("?")[0] for route in LISTS]
    asked += [route.replace(" ", " /api", 1) for route, _, _ in OTHERS]
    declared = {route for route in operations(app) if "/api/" in route}
    assert left_out(declared, asked) == set()


async def test_a_list_takes_as_many_statements_for_thirty_rows_as_for_one(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, bob, _ = await scene(client, database)
    few = {route: await count_statements(ada, database, route) for route in LISTS}
    await add(ada, bob, database, range(1, 30))
    many = {route: await count_statements(ada, database, route) for route in LISTS}
    assert few == many == LISTS
    for route in LISTS:
        assert len((await ada.get(route.split()[1])).json()["items"]) >= 30, route


@pytest.fixture(autouse=True)
def no_endless_responses(app: FastAPI) -> Iterator[None]:
    """Who follows the project gets a stream that ends at once."""
    with ended_streams(app):
        yield


@pytest.mark.parametrize("rows", [1, 30])
async def test_each_other_route_takes_the_statements_in_the_table_whatever_there_is_beside(
    client: AsyncClient, database: RolledBack, rows: int
) -> None:
    ada, bob, values = await scene(client, database)
    await add(ada, bob, database, range(1, rows))
    counts, expected = {}, {}
    for route, number, body in OTHERS:
        sent = filled(body, values)
        async with database.undone():
            counts[f"{route} {body}"] = await count_statements(
                ada, database, route.format(**values), json=sent, headers={"If-Match": "*"}
            )
        expected[f"{route} {body}"] = number
    assert counts == expected
