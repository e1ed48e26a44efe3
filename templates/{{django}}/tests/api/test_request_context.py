"""What surrounds each request: its id, its line in the log, the headers of its response."""

import json
import logging
import re
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from support import Api, Routes

from app.core.logs import RequestIdFilter, configure_logging, request_id

SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}
NOTHING_AT_ALL = "default-src 'none'; frame-ancestors 'none'"
OWN_ID = re.compile(r"[0-9a-f]{32}")


@pytest.mark.parametrize(
    "path", ["/health/live", "/api/account", "/nowhere", "/openapi.json", "/docs"]
)
def test_every_response_has_an_id_and_the_headers_for_its_safety(api: Api, path: str) -> None:
    response = api.get(path)
    assert {name: response.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert OWN_ID.fullmatch(response.headers["x-request-id"])


@pytest.mark.parametrize("path", ["/health/live", "/nowhere", "/openapi.json"])
def test_data_may_load_nothing(api: Api, path: str) -> None:
    assert api.get(path).headers["content-security-policy"] == NOTHING_AT_ALL


@pytest.mark.parametrize("path", ["/docs", "/admin/login/"])
def test_pages_may_load_what_is_served_here_and_no_script_within_them(api: Api, path: str) -> None:
    policy = api.get(path).headers["content-security-policy"]
    assert "default-src 'self';" in policy
    assert "script-src" not in policy


def test_files_may_be_kept_pages_of_the_admin_may_not(api: Api) -> None:
    assert "public" in api.get("/static/core/docs.js").headers["cache-control"]
    assert "private" in api.get("/admin/login/").headers["cache-control"]


def test_each_request_has_another_id(api: Api) -> None:
    assert len({api.get("/health/live").headers["x-request-id"] for _ in range(5)}) == 5


@pytest.mark.parametrize("good", ["a", "01J-abc_DEF.9", "x" * 64])
def test_a_well_formed_id_is_taken_over(api: Api, good: str) -> None:
    assert api.get("/health/live", x_request_id=good).headers["x-request-id"] == good


@pytest.mark.parametrize("bad", ["", "x" * 65, "a b", "a;b", "\u00e9", "a\tb", '{"a":1}', "a\n"])
def test_an_id_that_could_forge_a_line_of_the_log_is_replaced(api: Api, bad: str) -> None:
    assert OWN_ID.fullmatch(api.get("/health/live", x_request_id=bad).headers["x-request-id"])


def test_a_request_has_one_line_in_the_log(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    api.get("/nowhere?secret=word", x_request_id="id-1")
    (line,) = caplog.records
    found = {name: getattr(line, name) for name in ("method", "path", "status")}
    assert (line.name, line.getMessage(), line.levelno) == ("app.requests", "request", logging.INFO)
    # Without the query, in which there may be what is nobody's business.
    assert found == {"method": "GET", "path": "/nowhere", "status": 404}
    assert line.__dict__["milliseconds"] >= 0


def written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_all_lines_of_a_request_carry_its_id(
    api: Api, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        logging.getLogger("some.library").warning("within the request")
        return HttpResponse()

    settings.ROOT_URLCONF = Routes(logs=view)
    configure_logging(level="INFO", log_format="json")
    api.get("/logs", x_request_id="id-1")
    logging.getLogger("some.library").warning("after the request")
    assert [(line["message"], line["request_id"]) for line in written(capsys)] == [
        ("within the request", "id-1"),
        ("request", "id-1"),
        ("after the request", "-"),
    ]


def test_a_failed_request_is_logged_with_its_traceback_and_its_id(
    api: Api, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        raise RuntimeError("on purpose")

    settings.ROOT_URLCONF = Routes(fails=view)
    configure_logging(level="INFO", log_format="json")
    api.get("/fails", x_request_id="id-1")
    error, line = written(capsys)
    assert (error["level"], error["message"], error["path"], error["request_id"]) == (
        "ERROR",
        "unhandled error",
        "/fails",
        "id-1",
    )
    assert error["exc_info"].endswith("RuntimeError: on purpose")
    assert (line["message"], line["status"], line["request_id"]) == ("request", 500, "id-1")


def test_a_request_leaves_no_id_behind(api: Api) -> None:
    api.get("/health/live", x_request_id="id-1")
    assert request_id.get() == "-"
    record = logging.makeLogRecord({})
    assert RequestIdFilter().filter(record)
    assert record.__dict__["request_id"] == "-"
