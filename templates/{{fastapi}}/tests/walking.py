"""Going through all routes of an application, to see that one rule holds for each."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from databases import RolledBack, recorded, snapshot
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError
from starlette.routing import Route, compile_path
from support import assert_problem
from visitors import Json, Visitor

from app.core.database import Database
from app.core.problems import SERVER_FAULT, UNKNOWN_METHOD


def operations(app: FastAPI) -> set[str]:
    """Every route that the OpenAPI document describes, such as `GET /api/things/{id}`."""
    return {
        f"{method.upper()} {path}"
        for path, methods in app.openapi()["paths"].items()
        for method in methods
    }


def routes(app: FastAPI) -> set[str]:
    """Every route, with those of the documentation."""
    return operations(app) | {f"GET {each.path}" for each in app.routes if isinstance(each, Route)}


def left_out(declared: set[str], asked: Iterable[str]) -> set[str]:
    """Those of some declared routes that no request is for.

    Args:
        declared: Routes with their placeholders, such as `GET /things/{id}`.
        asked: Requests, such as `GET /things/1`.
    """
    requests = list(asked)
    return {
        route
        for route in declared
        if not any(compile_path(route)[0].match(request) for request in requests)
    }


def filled(body: Json, values: Mapping[str, str]) -> Json:
    """A body with values in place of its placeholders, such as `{"token": "{token}"}`."""
    if not isinstance(body, dict):
        return body
    return {
        name: value.format(**values) if isinstance(value, str) else value
        for name, value in body.items()
    }


async def send(visitor: Visitor, route: str, **options: Any) -> Response:
    """Send a request to a route: a method, and a path below `/api`."""
    method, path = route.split()
    return await visitor.request(method, path, **options)


async def count_statements(
    visitor: Visitor, database: RolledBack, route: str, **options: Any
) -> int:
    """Send a request that succeeds, and count the statements that it takes.

    Args:
        visitor: Who sends it.
        database: Where they are counted.
        route: A method, and a path below `/api`.
        **options: What else is sent.
    """
    with recorded(database.engine) as statements:
        response = await send(visitor, route, **options)
    assert response.is_success, (route, response.text)
    return len(statements)


@contextmanager
def failing_commits(database: Database) -> Iterator[None]:
    """Have every commit fail."""

    def fail(_connection: Connection) -> None:
        raise OperationalError("COMMIT", {}, RuntimeError("the disk is full"))

    event.listen(database.engine.sync_engine, "commit", fail)
    try:
        yield
    finally:
        event.remove(database.engine.sync_engine, "commit", fail)


async def assert_commits(visitor: Visitor, database: Database, route: str, **options: Any) -> None:
    """Check that others see what a request wrote that was answered with success."""
    before = await snapshot(database)
    response = await send(visitor, route, **options)
    assert response.is_success, (route, response.text)
    assert await snapshot(database) != before, route


async def assert_commit_can_fail(
    visitor: Visitor, database: Database, route: str, **options: Any
) -> None:
    """Check that a request whose commit fails is answered with an error, and changes nothing."""
    before = await snapshot(database)
    with failing_commits(database):
        response = await send(visitor, route, **options)
    assert_problem(response, SERVER_FAULT)
    # Whatever state the connection is in, the next one is a good one.
    await database.engine.dispose()
    assert await snapshot(database) == before, route


async def methods_at(visitor: Visitor, paths: Iterable[str]) -> dict[str, set[str]]:
    """The methods that each address is said to know by the answers to methods it does not know."""
    found = {}
    for path in paths:
        told = []
        for method in ("TRACE", "BREW"):
            response = await visitor.request(method, path)
            assert_problem(response, UNKNOWN_METHOD)
            told.append(set(response.headers["allow"].split(", ")))
        found[path], again = told
        assert again == found[path]
    return found
