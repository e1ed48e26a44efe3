"""What surrounds each request: its id, its line in the log, the headers of its response."""

import gc
import json
import logging
import re
from typing import Any

import people
import pytest
from databases import RolledBack
from fastapi import FastAPI
from httpx2 import AsyncClient
from starlette.types import Message
from support import PASSWORDS, settings_for

from app.core.logs import RequestIdFilter, configure_logging, request_id
from app.main import create_app

SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}
PATHS = ("/health/live", "/health/ready", "/nowhere", "/openapi.json", "/docs")
OWN_ID = re.compile(r"[0-9a-f]{32}")


@pytest.fixture
def app(database: RolledBack) -> FastAPI:
    """The application, to mount routes on."""
    return create_app(settings_for(), database=database, passwords=PASSWORDS)


@pytest.mark.parametrize("path", PATHS)
async def test_every_response_has_an_id_and_the_headers_for_its_safety(
    client: AsyncClient, path: str
) -> None:
    response = await client.get(path)
    assert {name: response.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert OWN_ID.fullmatch(response.headers["x-request-id"])


async def test_each_request_has_another_id(client: AsyncClient) -> None:
    ids = {(await client.get("/health/live")).headers["x-request-id"] for _ in range(5)}
    assert len(ids) == 5


@pytest.mark.parametrize("good", ["a", "01J-abc_DEF.9", "x" * 64])
async def test_a_well_formed_id_is_taken_over(client: AsyncClient, good: str) -> None:
    response = await client.get("/health/live", headers={"X-Request-ID": good})
    assert response.headers.get_list("x-request-id") == [good]


@pytest.mark.parametrize("bad", ["", "x" * 65, "a b", "a;b", "\u00e9", "a\tb", '{"a":1}', "%0a"])
async def test_an_id_that_could_forge_a_line_of_the_log_is_replaced(
    client: AsyncClient, bad: str
) -> None:
    headers = [(b"X-Request-ID", bad.encode())]
    response = await client.get("/health/live", headers=headers)
    assert OWN_ID.fullmatch(response.headers["x-request-id"])


async def test_a_request_has_one_line_in_the_log(
    client: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await client.get("/nowhere?secret=word", headers={"X-Request-ID": "id-1"})
    (line,) = [record for record in caplog.records if record.name == "app.requests"]
    found = {name: getattr(line, name) for name in ("method", "path", "status")}
    assert (line.getMessage(), line.levelno) == ("request", logging.INFO)
    # Without the query, in which there may be what is nobody's business.
    assert found == {"method": "GET", "path": "/nowhere", "status": 404}
    assert line.__dict__["milliseconds"] >= 0


def written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """What the service logged; the client logs too."""
    lines = map(json.loads, capsys.readouterr().out.splitlines())
    return [line for line in lines if not line["logger"].startswith("http")]


async def test_the_status_of_a_refusal_is_a_number_in_the_log(
    client: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await client.get(f"/api{people.OWN}")
    (line,) = [record for record in caplog.records if record.name == "app.requests"]
    assert repr(line.__dict__["status"]) == "401"


async def test_all_lines_of_a_request_carry_its_id(
    app: FastAPI, client: AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    @app.get("/logs")
    async def logs() -> None:
        logging.getLogger("some.library").warning("within the request")

    configure_logging(level="INFO", log_format="json")
    await client.get("/logs", headers={"X-Request-ID": "id-1"})
    logging.getLogger("some.library").warning("after the request")
    lines = written(capsys)
    found = [(line["message"], line["request_id"]) for line in lines]
    assert found == [
        ("within the request", "id-1"),
        ("request", "id-1"),
        ("after the request", "-"),
    ]


async def test_a_failed_request_is_logged_with_its_traceback_and_its_id(
    app: FastAPI, client: AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    @app.get("/fails")
    async def fails() -> None:
        raise RuntimeError("on purpose")

    configure_logging(level="INFO", log_format="json")
    await client.get("/fails", headers={"X-Request-ID": "id-1"})
    error, line = written(capsys)
    assert (error["level"], error["message"], error["path"], error["request_id"]) == (
        "ERROR",
        "unhandled error",
        "/fails",
        "id-1",
    )
    assert error["exc_info"].endswith("RuntimeError: on purpose")
    assert (line["message"], line["status"], line["request_id"]) == ("request", 500, "id-1")


async def test_a_request_leaves_no_id_behind(client: AsyncClient) -> None:
    await client.get("/health/live", headers={"X-Request-ID": "id-1"})
    assert request_id.get() == "-"
    record = logging.makeLogRecord({})
    assert RequestIdFilter().filter(record)
    assert record.__dict__["request_id"] == "-"


async def test_what_is_no_http_passes_by(app: FastAPI) -> None:
    """Such as the start and the end of the server, by which it disposes of the database."""
    received = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    sent: list[Message] = []

    async def receive() -> Message:
        return next(received)

    async def send(message: Message) -> None:
        sent.append(message)

    try:
        await app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)
    finally:
        gc.unfreeze()
    assert [message["type"] for message in sent] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]
