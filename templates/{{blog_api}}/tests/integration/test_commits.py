"""Each route that writes commits before it answers, and says so when that fails."""

import pytest
from blog import Person, join
from databases import snapshot
from fastapi import FastAPI
from httpx2 import AsyncClient
from joining import PASSWORD
from support import assert_problem
from visitors import Json
from walking import failing_commits, operations

from app.core.database import Database
from app.core.errors import SERVER_FAULT

NEW_USER = {"user": {"username": "eve", "email": "eve@example.com", "password": PASSWORD}}
WRITES: list[tuple[str, Json]] = [
    ("POST /users", NEW_USER),
    ("PUT /user", {"user": {"bio": "New."}}),
    ("POST /profiles/bob/follow", None),
    ("DELETE /profiles/carl/follow", None),
    ("POST /articles", {"article": {"title": "New", "description": "d", "body": "b"}}),
    ("PUT /articles/hello", {"article": {"body": "New."}}),
    ("DELETE /articles/hello", None),
    ("POST /articles/hello/favorite", None),
    ("DELETE /articles/other/favorite", None),
    ("POST /articles/hello/comments", {"comment": {"body": "New."}}),
    ("DELETE /articles/hello/comments/{comment}", None),
]


async def scene(client: AsyncClient) -> tuple[Person, str]:
    ada = await join(client, "ada")
    await join(client, "bob")
    await join(client, "carl")
    await ada.follow("carl")
    await ada.write("Hello")
    await ada.write("Other")
    await ada.favorite("other")
    return ada, str((await ada.comment("hello", "Fine."))["id"])


async def test_the_table_has_every_route_that_writes(own_app: FastAPI) -> None:
    writing = {each for each in operations(own_app) if not each.startswith("GET")}
    assert len(writing - {"POST /api/users/login"}) == len(WRITES)


async def test_what_is_answered_with_success_is_seen_by_others(
    own_client: AsyncClient, own_database: Database
) -> None:
    ada, comment = await scene(own_client)
    # The article goes last: others are about it.
    for route, body in sorted(WRITES, key=lambda write: write[0] == "DELETE /articles/hello"):
        before = await snapshot(own_database)
        method, path = route.format(comment=comment).split()
        response = await ada.request(method, path, json=body)
        assert response.is_success, (route, response.text)
        assert await snapshot(own_database) != before, route


async def test_a_commit_that_fails_is_answered_with_an_error_and_changes_nothing(
    own_client: AsyncClient, own_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    ada, comment = await scene(own_client)
    before = await snapshot(own_database)

    for route, body in WRITES:
        method, path = route.format(comment=comment).split()
        with failing_commits(own_database):
            response = await ada.request(method, path, json=body)
        assert_problem(response, SERVER_FAULT)
        # Whatever state the connection is in, the next one is a good one.
        await own_database.engine.dispose()
        assert await snapshot(own_database) == before, route
    assert caplog.messages.count("unhandled error") == len(WRITES)


async def test_what_only_reads_does_without_the_right_to_write(
    own_app: FastAPI, own_client: AsyncClient
) -> None:
    ada, _ = await scene(own_client)
    values = {"{username}": "bob", "{slug}": "hello"}
    for route in operations(own_app):
        method, address = route.split()
        if method != "GET":
            continue
        for name, value in values.items():
            address = address.replace(name, value)
        response = await own_client.get(address, headers={"Authorization": f"Token {ada.token}"})
        assert response.status_code == 200, (address, response.text)
