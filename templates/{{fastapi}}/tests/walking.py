"""Going through all routes of an application, to see that one rule holds for each."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from databases import RolledBack, recorded
from fastapi import FastAPI
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError
from starlette.routing import Route, compile_path
from visitors import Visitor

from app.core.database import Database


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
    method, path = route.split()
    with recorded(database.engine) as statements:
        response = await visitor.request(method, path, **options)
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
