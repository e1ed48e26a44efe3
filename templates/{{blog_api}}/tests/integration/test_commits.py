"""Each route that writes commits before it answers, and says so when that fails."""

import pytest
from blog import Person, join
from fastapi import FastAPI
from httpx2 import AsyncClient
from joining import PASSWORD
from visitors import Json
from walking import assert_commit_can_fail, assert_commits, left_out, operations

from app.core.database import Database

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
    asked = [route.replace(" ", " /api", 1) for route, _ in WRITES]
    assert left_out(writing, asked) == {"POST /api/users/login"}


async def test_what_is_answered_with_success_is_seen_by_others(
    own_client: AsyncClient, own_database: Database
) -> None:
    ada, comment = await scene(own_client)
    # The article goes last: others are about it.
    for route, body in sorted(WRITES, key=lambda write: write[0] == "DELETE /articles/hello"):
        await assert_commits(ada, own_database, route.format(comment=comment), json=body)


async def test_a_commit_that_fails_is_answered_with_an_error_and_changes_nothing(
    own_client: AsyncClient, own_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    ada, comment = await scene(own_client)
    for route, body in WRITES:
        await assert_commit_can_fail(ada, own_database, route.format(comment=comment), json=body)
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
