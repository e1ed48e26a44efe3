"""Each route that writes commits before it answers, and says so when that fails."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from joining import PASSWORD, sign_in
from team import Person, ended_streams, join, team, token_in_mail, took
from visitors import Json
from walking import assert_commit_can_fail, assert_commits, filled, left_out, operations, send

from app.core.database import Database

ANY_VERSION = {"If-Match": "*"}

# In this order each can still be done when those before it are done.
WRITES: list[tuple[str, Json]] = [
    ("POST /auth/register", {"username": "e", "email": "e@example.com", "password": PASSWORD}),
    ("POST /auth/login", {"email": "ada@example.com", "password": PASSWORD}),
    ("POST /invitations/accept", {"token": "{token}"}),
    ("PATCH /account", {"email": "new@example.com", "current_password": PASSWORD}),
    ("POST /projects", {"key": "NEW", "name": "New"}),
    ("PATCH /projects/WEB", {"name": "New"}),
    ("PATCH /projects/WEB/members/bob", {"role": "viewer"}),
    ("DELETE /projects/WEB/members/carl", None),
    ("POST /projects/WEB/invitations", {"email": "guest@example.com"}),
    ("DELETE /projects/WEB/invitations/{invitation}", None),
    ("POST /projects/WEB/tasks", {"title": "New"}),
    ("PATCH /tasks/WEB-1", {"title": "New"}),
    ("POST /tasks/WEB-1/move", {"after": "WEB-2"}),
    ("POST /tasks/WEB-1/comments", {"body": "New."}),
    ("PATCH /tasks/WEB-1/comments/{comment}", {"body": "New."}),
    ("DELETE /tasks/WEB-1/comments/{comment}", None),
    ("PATCH /notifications/{note}", {"read": True}),
    ("PATCH /notifications", {"read": list(range(1, 101))}),
    ("DELETE /tasks/WEB-1", None),
    ("DELETE /projects/WEB", None),
    ("POST /auth/refresh", {"refresh": "{refresh}"}),
    ("POST /auth/logout", {"refresh": "{refresh}"}),
    ("DELETE /account/sessions", None),
]


class Scene(NamedTuple):
    """Ada, who may do all of it, and what stands in addresses and bodies."""

    ada: Person
    values: dict[str, str]

    def writes(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each of the writes: its route, and what is sent."""
        for route, body in WRITES:
            options = {"json": filled(body, self.values), "headers": ANY_VERSION}
            yield route.format(**self.values), options


@pytest.fixture
async def scene(own_client: AsyncClient, own_database: Database) -> Scene:
    """A project in which all of it can be done."""
    ada, bob, _ = await team(own_client, own_database, ada="owner", bob="member", carl="member")
    await ada.add()
    await ada.add()
    await bob.comment("WEB-1", "@ada")
    await bob.comment("WEB-1", "@ada, again.")
    comment = await ada.comment("WEB-1", "Mine.")
    invited = await ada.post("/projects/WEB/invitations", {"email": "dora@example.com"})
    other = await join(own_client, "other")
    await other.start("API")
    await other.post("/projects/API/invitations", {"email": "ada@example.com"})
    note, _ = await ada.pages("/notifications")
    values = {
        "comment": str(comment["id"]),
        "invitation": str(took(invited, 201)["id"]),
        "note": str(note["id"]),
        "token": await token_in_mail(own_database),
        "refresh": took(await sign_in(own_client, "ada"), 200)["refresh"],
    }
    return Scene(ada, values)


async def test_the_table_has_every_route_that_writes(own_app: FastAPI) -> None:
    writing = {each for each in operations(own_app) if not each.startswith("GET")}
    assert left_out(writing, [route.replace(" ", " /api", 1) for route, _ in WRITES]) == set()


async def test_what_is_answered_with_success_is_seen_by_others(
    own_database: Database, scene: Scene
) -> None:
    for route, options in scene.writes():
        await assert_commits(scene.ada, own_database, route, **options)


async def test_a_commit_that_fails_is_answered_with_an_error_and_changes_nothing(
    own_database: Database, scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    for route, options in scene.writes():
        await assert_commit_can_fail(scene.ada, own_database, route, **options)
    assert caplog.messages.count("unhandled error") == len(WRITES)


async def test_what_only_reads_does_without_the_right_to_write(
    own_app: FastAPI, scene: Scene
) -> None:
    with ended_streams(own_app):
        for route in operations(own_app):
            if route.startswith("GET /api/"):
                key = "WEB-1" if "/tasks/{key}" in route else "WEB"
                path = route.replace(" /api", " ").replace("{key}", key)
                path = path.replace("{id}", scene.values["comment"])
                response = await send(scene.ada, path)
                assert response.status_code == 200, (route, response.text)
