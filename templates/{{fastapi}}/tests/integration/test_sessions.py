"""Sessions on a real database: one commit for each request, before its response is sent."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from databases import recorded
from fastapi import APIRouter, FastAPI
from httpx2 import AsyncClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from support import assert_problem

from app.core.database import Database
from app.core.dependencies import SessionDep
from app.core.passing import code_of
from app.core.problems import SERVER_FAULT
from app.core.transactions import TransactionalRoute

TABLES = (
    "CREATE TABLE things (name VARCHAR(100) PRIMARY KEY)",
    # A promise that is checked no sooner than at the commit.
    """
    CREATE TABLE promises (
        name VARCHAR(100) PRIMARY KEY REFERENCES things (name) DEFERRABLE INITIALLY DEFERRED
    )
    """,
)


Things = Callable[[], Awaitable[list[str]]]


@pytest.fixture
async def things(own_database: Database) -> AsyncIterator[Things]:
    """Two more tables, and what is in the first, seen over another connection."""
    async with own_database.session() as session:
        for statement in TABLES:
            await session.execute(text(statement))
        await session.commit()

    async def read() -> list[str]:
        async with own_database.session(read_only=True) as session:
            return list(await session.scalars(text("SELECT name FROM things ORDER BY name")))

    yield read
    await own_database.dispose()  # whatever the test left open
    async with own_database.session() as session:
        for table in ("promises", "things"):
            await session.execute(text(f"DROP TABLE {table}"))
        await session.commit()


async def insert(session: AsyncSession, name: str) -> None:
    await session.execute(text("INSERT INTO things VALUES (:name)"), {"name": name})


async def test_what_a_route_writes_is_committed_before_its_response_is_sent(
    own_app: FastAPI, own_client: AsyncClient, things: Things
) -> None:
    router = APIRouter(route_class=TransactionalRoute)
    seen: list[list[str]] = []

    @router.post("/things")
    async def write(session: SessionDep) -> str:
        await insert(session, "a")
        seen.append(await things())
        return "written"

    own_app.include_router(router)
    response = await own_client.post("/things")
    assert (response.status_code, response.json()) == (200, "written")
    assert seen == [[]]
    assert await things() == ["a"]


async def test_a_commit_that_fails_is_never_answered_with_success(
    own_app: FastAPI, own_client: AsyncClient, things: Things
) -> None:
    router = APIRouter(route_class=TransactionalRoute)

    @router.post("/things")
    async def write(session: SessionDep) -> str:
        await insert(session, "a")
        await session.execute(text("INSERT INTO promises VALUES ('of a thing that is not there')"))
        return "written"

    own_app.include_router(router)
    assert_problem(await own_client.post("/things"), SERVER_FAULT)
    assert await things() == []


async def test_after_a_commit_that_failed_the_next_request_writes(
    own_app: FastAPI, own_client: AsyncClient, things: Things
) -> None:
    router = APIRouter(route_class=TransactionalRoute)

    @router.post("/fails")
    async def fail(session: SessionDep) -> None:
        await session.execute(text("INSERT INTO promises VALUES ('of a thing that is not there')"))

    @router.post("/things")
    async def write(session: SessionDep) -> None:
        await insert(session, "a")

    own_app.include_router(router)
    assert (await own_client.post("/fails")).status_code == 500
    assert (await own_client.post("/things")).status_code == 200
    assert await things() == ["a"]


async def test_what_a_route_writes_before_it_fails_is_rolled_back(
    own_app: FastAPI, own_client: AsyncClient, things: Things
) -> None:
    router = APIRouter(route_class=TransactionalRoute)

    @router.post("/things")
    async def write(session: SessionDep) -> str:
        await insert(session, "a")
        raise RuntimeError

    own_app.include_router(router)
    assert_problem(await own_client.post("/things"), SERVER_FAULT)
    assert await things() == []


async def test_a_get_request_cannot_write_even_by_mistake(
    own_app: FastAPI, own_client: AsyncClient, things: Things
) -> None:
    router = APIRouter(route_class=TransactionalRoute)

    @router.get("/things")
    async def write(session: SessionDep) -> str:
        await insert(session, "a")
        return "written"

    own_app.include_router(router)
    assert_problem(await own_client.get("/things"), SERVER_FAULT)
    assert await things() == []


async def test_reading_needs_no_transaction(own_database: Database) -> None:
    with recorded(own_database.reading_engine) as statements:
        async with own_database.session(read_only=True) as session:
            await session.scalar(text("SELECT 1"))
    assert statements == ["SELECT 1"]


async def test_a_session_needs_a_route_that_commits(
    own_app: FastAPI, own_client: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    @own_app.post("/forgotten")
    async def write(session: SessionDep) -> None:
        raise AssertionError(session)

    assert_problem(await own_client.post("/forgotten"), SERVER_FAULT)
    assert "APIRouter(route_class=TransactionalRoute)" in caplog.text


async def test_a_connection_that_the_server_closed_is_replaced(own_database: Database) -> None:
    if own_database.engine.dialect.name != "postgresql":
        return
    for session in (own_database.session(), own_database.session(read_only=True)):
        async with session:
            connection = await session.connection()
            raw = await connection.get_raw_connection()
            assert raw.driver_connection
            driver = raw.driver_connection
        await driver.close()
    for session in (own_database.session(), own_database.session(read_only=True)):
        async with session:
            assert await session.scalar(text("SELECT 1")) == 1


async def test_nobody_waits_for_a_lock_as_long_as_others_wait_for_a_connection(
    own_database: Database, things: Things
) -> None:
    if own_database.engine.dialect.name != "postgresql":
        return  # SQLite has one lock, and waits for it before it does anything.
    async with own_database.session() as holds, own_database.session() as waits:
        await insert(holds, "a")
        with pytest.raises(DBAPIError) as caught:
            await insert(waits, "a")
        assert code_of(caught.value.orig) == "55P03"
        await holds.commit()
    assert await things() == ["a"]


async def test_sqlite_is_opened_so_that_readers_and_writers_get_along(
    own_database: Database,
) -> None:
    if own_database.engine.dialect.name != "sqlite":
        return
    pragmas = ("journal_mode", "foreign_keys", "busy_timeout", "synchronous", "query_only")
    expected = {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "busy_timeout": 10_000,
        "synchronous": 1,
        "query_only": 0,
    }
    for read_only in (False, True):
        async with own_database.session(read_only=read_only) as session:
            found = {name: await session.scalar(text(f"PRAGMA {name}")) for name in pragmas}
        assert found == {**expected, "query_only": int(read_only)}


async def test_a_reader_goes_on_while_another_writes(
    own_database: Database, things: Things
) -> None:
    async with own_database.session() as session:
        await insert(session, "a")
        assert await things() == []
        await session.commit()
    assert await things() == ["a"]
