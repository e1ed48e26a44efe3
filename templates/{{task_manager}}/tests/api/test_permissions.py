"""Who may do what: every route of the application, once for each kind of visitor."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from databases import RolledBack, snapshot
from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from joining import PASSWORD, sign_in
from team import Person, ended_streams, team, token_in_mail, took
from visitors import Json
from walking import filled, left_out, routes

USER = {"username": "eve", "email": "eve@example.com", "password": PASSWORD}
LOGIN = {"email": "owner@example.com", "password": PASSWORD}
REFRESH, BAD_REFRESH = {"refresh": "{refresh}"}, {"refresh": "x"}
ACCOUNT = {"email": "new@example.com", "current_password": PASSWORD}
PROJECT = {"key": "NEW", "name": "New"}
NAME = {"name": "New"}
VIEWER, MEMBER, MAINTAINER, OWNER = (
    {"role": role} for role in ("viewer", "member", "maintainer", "owner")
)
GUEST = {"email": "guest@example.com"}
TOKEN = {"token": "{token}"}
TASK = {"title": "New"}
DONE = {"status": "in_progress"}
TOP = {"after": None}
TEXT = {"body": "New."}
READ, READ_THESE = {"read": True}, {"read": [1]}


class Row(NamedTuple):
    """A route, the status that each visitor gets, and what is sent.

    Each visitor has written a comment, `own`, and was notified of something, `note`.
    """

    route: str
    nobody: int
    outsider: int
    viewer: int
    member: int
    maintainer: int
    owner: int
    body: Json = None


VISITORS = Row._fields[1:-1]
SIGNED_IN = VISITORS[1:]

# The outsider was a member of the project WEB once. In it are also `a_viewer`, `a_member`,
# `a_maintainer` and `an_owner`; `a_member` wrote the comment `other`.
TABLE = [
    #                                       nobody outsider viewer member maintainer owner
    Row("POST /api/auth/register", 201, 201, 201, 201, 201, 201, USER),
    Row("POST /api/auth/login", 200, 200, 200, 200, 200, 200, LOGIN),
    Row("POST /api/auth/refresh", 200, 200, 200, 200, 200, 200, REFRESH),
    Row("POST /api/auth/refresh", 401, 401, 401, 401, 401, 401, BAD_REFRESH),
    Row("POST /api/auth/logout", 204, 204, 204, 204, 204, 204, REFRESH),
    Row("POST /api/auth/logout", 401, 401, 401, 401, 401, 401, BAD_REFRESH),
    Row("GET /api/account", 401, 200, 200, 200, 200, 200),
    Row("PATCH /api/account", 401, 200, 200, 200, 200, 200, ACCOUNT),
    Row("DELETE /api/account/sessions", 401, 204, 204, 204, 204, 204),
    Row("GET /api/projects", 401, 200, 200, 200, 200, 200),
    Row("POST /api/projects", 401, 201, 201, 201, 201, 201, PROJECT),
    Row("GET /api/projects/WEB", 401, 404, 200, 200, 200, 200),
    Row("PATCH /api/projects/WEB", 401, 404, 403, 403, 200, 200, NAME),
    Row("DELETE /api/projects/WEB", 401, 404, 403, 403, 403, 204),
    Row("GET /api/projects/WEB/members", 401, 404, 200, 200, 200, 200),
    # Each role of another, and what it is to be.
    Row("PATCH /api/projects/WEB/members/a_viewer", 401, 404, 403, 403, 200, 200, VIEWER),
    Row("PATCH /api/projects/WEB/members/a_viewer", 401, 404, 403, 403, 200, 200, MEMBER),
    Row("PATCH /api/projects/WEB/members/a_viewer", 401, 404, 403, 403, 403, 200, MAINTAINER),
    Row("PATCH /api/projects/WEB/members/a_viewer", 401, 404, 403, 403, 403, 200, OWNER),
    Row("PATCH /api/projects/WEB/members/a_member", 401, 404, 403, 403, 200, 200, VIEWER),
    Row("PATCH /api/projects/WEB/members/a_member", 401, 404, 403, 403, 200, 200, MEMBER),
    Row("PATCH /api/projects/WEB/members/a_member", 401, 404, 403, 403, 403, 200, MAINTAINER),
    Row("PATCH /api/projects/WEB/members/a_member", 401, 404, 403, 403, 403, 200, OWNER),
    Row("PATCH /api/projects/WEB/members/a_maintainer", 401, 404, 403, 403, 403, 200, VIEWER),
    Row("PATCH /api/projects/WEB/members/a_maintainer", 401, 404, 403, 403, 403, 200, MEMBER),
    Row("PATCH /api/projects/WEB/members/a_maintainer", 401, 404, 403, 403, 403, 200, MAINTAINER),
    Row("PATCH /api/projects/WEB/members/a_maintainer", 401, 404, 403, 403, 403, 200, OWNER),
    Row("PATCH /api/projects/WEB/members/an_owner", 401, 404, 403, 403, 403, 200, VIEWER),
    Row("PATCH /api/projects/WEB/members/an_owner", 401, 404, 403, 403, 403, 200, MEMBER),
    Row("PATCH /api/projects/WEB/members/an_owner", 401, 404, 403, 403, 403, 200, MAINTAINER),
    Row("PATCH /api/projects/WEB/members/an_owner", 401, 404, 403, 403, 403, 200, OWNER),
    Row("DELETE /api/projects/WEB/members/a_viewer", 401, 404, 403, 403, 204, 204),
    Row("DELETE /api/projects/WEB/members/a_member", 401, 404, 403, 403, 204, 204),
    Row("DELETE /api/projects/WEB/members/a_maintainer", 401, 404, 403, 403, 403, 204),
    Row("DELETE /api/projects/WEB/members/an_owner", 401, 404, 403, 403, 403, 204),
    # One's own role. Everybody may leave, also an owner who is not the only one.
    Row("PATCH /api/projects/WEB/members/{self}", 401, 404, 403, 403, 403, 200, OWNER),
    Row("PATCH /api/projects/WEB/members/{self}", 401, 404, 403, 403, 403, 200, VIEWER),
    Row("DELETE /api/projects/WEB/members/{self}", 401, 404, 204, 204, 204, 204),
    Row("GET /api/projects/WEB/invitations", 401, 404, 403, 403, 200, 200),
    Row("POST /api/projects/WEB/invitations", 401, 404, 403, 403, 201, 201, GUEST | VIEWER),
    Row("POST /api/projects/WEB/invitations", 401, 404, 403, 403, 201, 201, GUEST | MEMBER),
    Row("POST /api/projects/WEB/invitations", 401, 404, 403, 403, 403, 201, GUEST | MAINTAINER),
    Row("POST /api/projects/WEB/invitations", 401, 404, 403, 403, 403, 201, GUEST | OWNER),
    Row("DELETE /api/projects/WEB/invitations/{invitation}", 401, 404, 403, 403, 204, 204),
    # The invitation is the outsider's.
    Row("POST /api/invitations/accept", 401, 200, 403, 403, 403, 403, TOKEN),
    Row("GET /api/projects/WEB/tasks", 401, 404, 200, 200, 200, 200),
    Row("POST /api/projects/WEB/tasks", 401, 404, 403, 201, 201, 201, TASK),
    Row("GET /api/tasks/WEB-1", 401, 404, 200, 200, 200, 200),
    Row("PATCH /api/tasks/WEB-1", 401, 404, 403, 200, 200, 200, DONE),
    Row("POST /api/tasks/WEB-1/move", 401, 404, 403, 200, 200, 200, TOP),
    Row("DELETE /api/tasks/WEB-1", 401, 404, 403, 403, 204, 204),
    Row("GET /api/tasks/WEB-1/comments", 401, 404, 200, 200, 200, 200),
    Row("POST /api/tasks/WEB-1/comments", 401, 404, 403, 201, 201, 201, TEXT),
    Row("GET /api/tasks/WEB-1/comments/{own}", 401, 404, 200, 200, 200, 200),
    Row("GET /api/tasks/WEB-1/comments/{other}", 401, 404, 200, 200, 200, 200),
    Row("PATCH /api/tasks/WEB-1/comments/{own}", 401, 404, 200, 200, 200, 200, TEXT),
    Row("DELETE /api/tasks/WEB-1/comments/{own}", 401, 404, 204, 204, 204, 204),
    Row("PATCH /api/tasks/WEB-1/comments/{other}", 401, 404, 403, 403, 403, 403, TEXT),
    Row("DELETE /api/tasks/WEB-1/comments/{other}", 401, 404, 403, 403, 403, 403),
    Row("GET /api/projects/WEB/activity", 401, 404, 200, 200, 200, 200),
    Row("GET /api/projects/WEB/events", 401, 404, 200, 200, 200, 200),
    Row("GET /api/tasks/WEB-1/activity", 401, 404, 200, 200, 200, 200),
    Row("GET /api/notifications", 401, 200, 200, 200, 200, 200),
    Row("PATCH /api/notifications", 401, 200, 200, 200, 200, 200, READ_THESE),
    Row("PATCH /api/notifications/{note}", 401, 404, 200, 200, 200, 200, READ),
    Row("PATCH /api/notifications/{other_note}", 401, 404, 404, 404, 404, 404, READ),
    Row("GET /health/live", 200, 200, 200, 200, 200, 200),
    Row("GET /health/ready", 200, 200, 200, 200, 200, 200),
    Row("GET /openapi.json", 200, 200, 200, 200, 200, 200),
    Row("GET /docs", 200, 200, 200, 200, 200, 200),
    Row("GET /docs/oauth2-redirect", 200, 200, 200, 200, 200, 200),
    Row("GET /redoc", 200, 200, 200, 200, 200, 200),
]

# What stands for the project in addresses about it, and for one that there is not.
PROJECT_KEY, NO_PROJECT = "/WEB", "/NOT"


class Scene(NamedTuple):
    """The visitors, and what stands in the addresses and bodies of the table for each."""

    visitors: dict[str, Person]
    values: dict[str, dict[str, str]]

    async def send(self, visitor: str, row: Row) -> Response:
        """Send the request of a row."""
        values = self.values[visitor]
        method, path = row.route.format(**values).split()
        person = self.visitors[visitor]
        body = filled(row.body, values)
        headers = {**person.authorization, "If-Match": "*"}
        return await person.client.request(method, path, json=body, headers=headers)


@pytest.fixture(autouse=True)
def no_endless_responses(app: FastAPI) -> Iterator[None]:
    """Who may follow a project gets a stream that ends at once."""
    with ended_streams(app):
        yield


async def make_scene(client: AsyncClient, database: RolledBack) -> Scene:
    owner, *others = await team(
        client,
        database,
        owner="owner",
        maintainer="maintainer",
        member="member",
        viewer="member",
        outsider="member",
        an_owner="owner",
        a_maintainer="maintainer",
        a_member="member",
        a_viewer="viewer",
    )
    people = {person.name: person for person in (owner, *others)}
    task = await owner.add()
    own = {name: str((await people[name].comment(task, "Mine."))["id"]) for name in SIGNED_IN}
    other = await people["a_member"].comment(task, " ".join(f"@{name}" for name in people))
    note = {
        name: str((await people[name].pages("/notifications"))[0]["id"])
        for name in (*SIGNED_IN, "an_owner")
    }
    await people["outsider"].leave()
    took(await owner.patch("/projects/WEB/members/viewer", VIEWER), 200)
    invited = await owner.post("/projects/WEB/invitations", GUEST)
    await owner.post("/projects/WEB/invitations", {"email": "outsider@example.com"})
    common = {
        "other": str(other["id"]),
        "other_note": note["an_owner"],
        "invitation": str(took(invited, 201)["id"]),
        "token": await token_in_mail(database),
        "refresh": took(await sign_in(client, "owner"), 200)["refresh"],
    }
    values = {
        name: {**common, "self": name, "own": own[name], "note": note[name]} for name in SIGNED_IN
    }
    return Scene({**people, "nobody": Person(client)}, {**values, "nobody": values["owner"]})


async def test_every_route_is_in_the_table(app: FastAPI) -> None:
    assert left_out(routes(app), [row.route for row in TABLE]) == set()


@pytest.mark.parametrize("visitor", VISITORS)
async def test_a_visitor_gets_what_the_table_says_and_what_is_refused_changes_nothing(
    client: AsyncClient, database: RolledBack, visitor: str
) -> None:
    scene = await make_scene(client, database)
    before = await snapshot(database)
    answers, changed = {}, []
    for row in TABLE:
        case = f"{row.route} {row.body or ''}"
        async with database.undone():
            response = await scene.send(visitor, row)
            answers[case] = response.status_code
            if response.is_error and await snapshot(database) != before:
                changed.append(case)
        if response.status_code == 401:
            assert response.headers["www-authenticate"] == "Bearer"
    assert answers == {f"{row.route} {row.body or ''}": getattr(row, visitor) for row in TABLE}
    assert changed == []
    assert await snapshot(database) == before


async def test_who_is_no_member_cannot_tell_a_project_from_one_that_is_not_there(
    client: AsyncClient, database: RolledBack
) -> None:
    scene = await make_scene(client, database)
    inside = [row for row in TABLE if PROJECT_KEY in row.route]
    for row in inside:
        elsewhere = row._replace(route=row.route.replace(PROJECT_KEY, NO_PROJECT))
        answers = [await scene.send("outsider", each) for each in (row, elsewhere)]
        seen, expected = (
            (each.status_code, each.content, {**each.headers, "x-request-id": ""})
            for each in answers
        )
        assert seen == expected, row.route
    assert len(inside) > len(TABLE) / 2


async def test_a_project_that_was_removed_is_there_for_nobody(
    client: AsyncClient, database: RolledBack
) -> None:
    scene = await make_scene(client, database)
    await scene.visitors["owner"].delete("/projects/WEB")
    before = await snapshot(database)
    for visitor in SIGNED_IN:
        for row in TABLE:
            if PROJECT_KEY in row.route:
                assert (await scene.send(visitor, row)).status_code == 404, (visitor, row.route)
    assert await snapshot(database) == before
