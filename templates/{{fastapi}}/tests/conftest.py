"""Fixtures for tests of every folder.

Tests that go over HTTP take `client`; its application works on `database`, of which nothing is
left afterwards. Tests that commit for real take `own_client`, tests that migrate `fresh_url`.
"""

import logging
import os
from collections.abc import AsyncIterator, Iterator

import hypothesis
import pytest
from databases import Databases, RolledBack
from fastapi import FastAPI
from httpx2 import AsyncClient
from support import PASSWORDS, SECRET, client_of, settings_for

from app.core.database import Database
from app.core.migrations import migrate
from app.core.settings import Settings
from app.core.throttling import LoginThrottle
from app.main import create_app


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The event loop that uvicorn runs the application in."""
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
def isolated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No setting of this machine reaches the tests: no variable, and no `.env` in this folder."""
    with pytest.MonkeyPatch.context() as patch:
        for variable in list(os.environ):
            if variable.lower() in Settings.model_fields:
                patch.delenv(variable)
        patch.chdir(tmp_path_factory.mktemp("nowhere"))
        yield


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """What a test sets up for logging ends with it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Makes databases: on the PostgreSQL server at TEST_DATABASE_URL, else SQLite files."""
    return Databases(tmp_path_factory.mktemp("databases"), os.environ.get("TEST_DATABASE_URL"))


@pytest.fixture(scope="session")
def pattern(databases: Databases) -> Iterator[str]:
    """The URL of a migrated database that is only copied: migrating takes longer than copying."""
    with databases.lent() as url:
        migrate(settings_for(url))
        yield url


@pytest.fixture(scope="session")
def shared_url(databases: Databases, pattern: str) -> Iterator[str]:
    """The URL of the database under `database`."""
    with databases.lent(copy_of=pattern) as url:
        yield url


@pytest.fixture(scope="session")
async def shared_database(shared_url: str) -> AsyncIterator[Database]:
    """The real database under `database`."""
    database = Database(shared_url)
    yield database
    await database.dispose()


@pytest.fixture
async def database(shared_database: Database) -> AsyncIterator[RolledBack]:
    """A migrated database without rows; what is written to it is gone after the test."""
    async with shared_database.engine.connect() as connection:
        await connection.begin()
        yield RolledBack(connection)
        await connection.rollback()


@pytest.fixture(scope="session")
def shared_app() -> FastAPI:
    """The application under `app`: its first request, which builds its routes, takes a while."""
    return create_app(settings_for(), passwords=PASSWORDS)


@pytest.fixture
def app(shared_app: FastAPI, database: RolledBack) -> FastAPI:
    """The application, on `database`. A test that changes it makes one of its own."""
    shared_app.state.database = database
    shared_app.state.login_throttle = LoginThrottle(settings_for().login_rate)
    return shared_app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """Somebody who sends requests to `app`."""
    async with client_of(app) as client:
        yield client


@pytest.fixture(scope="session")
def committed_url(databases: Databases, pattern: str) -> Iterator[str]:
    """The URL of the database that `own_url` lends to one test after the other."""
    with databases.lent(copy_of=pattern) as url:
        yield url


@pytest.fixture
def own_url(databases: Databases, pattern: str, committed_url: str) -> Iterator[str]:
    """The URL of a migrated database without rows, to commit for real; it is renewed afterwards."""
    yield committed_url
    databases.renew(committed_url, copy_of=pattern)


@pytest.fixture
async def own_database(own_url: str) -> AsyncIterator[Database]:
    """The database at `own_url`."""
    database = Database(own_url)
    yield database
    await database.dispose()


@pytest.fixture
def own_app(own_database: Database) -> FastAPI:
    """The application, on `own_database`."""
    return create_app(settings_for(), database=own_database, passwords=PASSWORDS)


@pytest.fixture
async def own_client(own_app: FastAPI) -> AsyncIterator[AsyncClient]:
    """Somebody who sends requests to `own_app`."""
    async with client_of(own_app) as client:
        yield client


@pytest.fixture
def own(own_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of `own_database`, which commands find in the settings."""
    monkeypatch.setenv("DATABASE_URL", own_url)
    monkeypatch.setenv("SECRET_KEY", SECRET)
    return own_url


@pytest.fixture
def fresh_url(databases: Databases) -> Iterator[str]:
    """The URL of a database without tables, for this test alone."""
    with databases.lent() as url:
        yield url


# What Hypothesis tries is the same each time, and may take as long as this machine needs.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("repeatable")
