"""When something is at fault that is no client's: 500 and 503, and what they give away."""

from collections.abc import AsyncIterator

import people
import pytest
from databases import RolledBack
from fastapi import FastAPI, HTTPException
from fastapi.responses import StreamingResponse
from httpx2 import AsyncClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from support import PASSWORDS, assert_problem, client_of, settings_for

from app.core.problems import SERVER_FAULT, UNAVAILABLE, Problem
from app.main import create_app

ORIGIN = "https://front.example"
SECRET_DETAIL = "password=hunter2"


@pytest.fixture
def app(database: RolledBack) -> FastAPI:
    """The application, for a front end at another origin."""
    settings = settings_for(cors_origins=(ORIGIN,))
    return create_app(settings, database=database, passwords=PASSWORDS)


def add_failing(app: FastAPI, error: BaseException) -> None:
    """Mount a route that raises an error."""

    @app.get("/fails")
    async def fails() -> None:
        raise error


async def test_a_fault_gives_nothing_away_and_can_be_found_in_the_log(
    app: FastAPI, client: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    add_failing(app, RuntimeError(SECRET_DETAIL))
    response = await client.get("/fails", headers={"Origin": ORIGIN, "X-Request-ID": "id-1"})
    assert_problem(response, SERVER_FAULT)
    headers = {
        "x-request-id": "id-1",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "access-control-allow-origin": ORIGIN,
        "access-control-expose-headers": people.EXPOSED,
    }
    assert {name: response.headers[name] for name in headers} == headers
    assert SECRET_DETAIL not in str(response.headers) + response.text
    (logged,) = [record for record in caplog.records if record.exc_info]
    assert logged.exc_info
    assert str(logged.exc_info[1]) == SECRET_DETAIL


async def test_after_a_fault_the_next_request_is_served(app: FastAPI, client: AsyncClient) -> None:
    add_failing(app, RuntimeError())
    await client.get("/fails")
    assert (await client.get("/health/ready")).status_code == 200


class DriverError(Exception):
    """What a driver raises, as far as the application looks at it."""

    def __init__(self, **attributes: str) -> None:
        super().__init__(SECRET_DETAIL)
        self.__dict__.update(attributes)


def driver_error(**attributes: str) -> DBAPIError:
    return DBAPIError("SELECT 1", {}, DriverError(**attributes))


def lost_connection() -> DBAPIError:
    return DBAPIError("SELECT 1", {}, DriverError(), connection_invalidated=True)


PASSING = {
    "no connection in time": PoolTimeoutError("QueuePool limit"),
    "refused": ConnectionRefusedError(SECRET_DETAIL),
    "timed out": TimeoutError(),
    "connection lost": lost_connection(),
    "connection refused by the server": driver_error(sqlstate="08004"),
    "serialization failure": driver_error(sqlstate="40001"),
    "deadlock": driver_error(sqlstate="40P01"),
    "too many connections": driver_error(sqlstate="53300"),
    "server starts": driver_error(sqlstate="57P03"),
    "locked": driver_error(sqlite_errorname="SQLITE_BUSY"),
    "file cannot be opened": driver_error(sqlite_errorname="SQLITE_CANTOPEN"),
    "disk full": driver_error(sqlite_errorname="SQLITE_FULL"),
}
OUR_FAULT = {
    "no such column": driver_error(sqlstate="42703"),
    "division by zero": driver_error(sqlstate="22012"),
    "nothing known": driver_error(),
    "no such table": driver_error(sqlite_errorname="SQLITE_ERROR"),
    "violated constraint": driver_error(sqlite_errorname="SQLITE_CONSTRAINT_UNIQUE"),
}


@pytest.mark.parametrize("error", PASSING.values(), ids=PASSING)
async def test_a_database_that_does_not_answer_is_worth_another_try(
    app: FastAPI, client: AsyncClient, error: Exception
) -> None:
    add_failing(app, error)
    response = await client.get("/fails", headers={"Origin": ORIGIN})
    assert_problem(response, UNAVAILABLE)
    assert response.headers["retry-after"] == "1"
    assert response.headers["access-control-allow-origin"] == ORIGIN


@pytest.mark.parametrize("error", OUR_FAULT.values(), ids=OUR_FAULT)
async def test_a_statement_that_is_wrong_is_our_fault_and_logged(
    app: FastAPI, client: AsyncClient, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    add_failing(app, error)
    assert_problem(await client.get("/fails"), SERVER_FAULT)
    assert [record.message for record in caplog.records if record.exc_info] == ["unhandled error"]


async def test_a_real_mistake_in_a_statement_is_a_500(
    app: FastAPI, client: AsyncClient, database: RolledBack
) -> None:
    @app.get("/mistake")
    async def mistake() -> None:
        async with database.session() as session:
            await session.execute(text("SELECT * FROM no_such_table"))

    assert_problem(await client.get("/mistake"), SERVER_FAULT)


def add_reading(app: FastAPI) -> None:
    """Mount a route that asks the database something."""

    @app.get("/reads")
    async def reads() -> None:
        async with app.state.database.session(read_only=True) as session:
            await session.execute(text("SELECT 1"))


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////no/such/folder/app.db",
        # Nobody listens there.
        "postgresql://postgres@127.0.0.1:1/app",
    ],
)
async def test_a_database_that_is_not_there_is_a_503(url: str) -> None:
    app = create_app(settings_for(url), passwords=PASSWORDS)
    add_reading(app)
    async with client_of(app) as client:
        response = await client.get("/reads")
        ready = await client.get("/health/ready")
    assert_problem(response, UNAVAILABLE)
    assert (ready.status_code, ready.json()) == (503, {"status": "database unavailable"})


async def test_any_other_status_says_what_its_route_says(app: FastAPI, client: AsyncClient) -> None:
    add_failing(app, HTTPException(418, "I am a teapot.", {"X-Kind": "short and stout"}))
    response = await client.get("/fails")
    assert_problem(response, Problem(418, "I am a teapot.", "http_error"))
    assert response.headers["x-kind"] == "short and stout"


async def test_a_response_that_has_begun_is_cut_off_and_not_completed(
    app: FastAPI, client: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            yield b"begun"
            raise RuntimeError("in the middle")

        return StreamingResponse(parts())

    with pytest.raises(RuntimeError, match="in the middle"):
        await client.get("/stream")
    assert "unhandled error" in caplog.messages
