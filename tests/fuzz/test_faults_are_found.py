"""The proof itself: it fails where there is a fault, so that its silence means something."""

import sys
from pathlib import Path

import pytest

from tests.fuzz.schemathesis import fuzz
from tests.serving import serving
from tests.support import free_port

# One operation, which is asked for a number from 1 to 9. FAULT stands in for what may be wrong.
SERVICE = """\
import json, os, sys, traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

NUMBER = {"type": "integer", "minimum": 1, "maximum": 9}
ERROR = {"description": "Refused", "content": {"application/json": {"schema": {"type": "object"}}}}
SQUARE = {
    "parameters": [{"name": "of", "in": "query", "required": True, "schema": NUMBER}],
    "responses": {
        "200": {
            "description": "The square",
            "content": {"application/json": {"schema": {"type": "integer"}}},
        },
        "400": ERROR,
        "422": ERROR,
    },
}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Squares", "version": "1"},
    "paths": {"/square": {"get": SQUARE}},
}

def square(query):
    given = parse_qs(query, keep_blank_values=True)
    if set(given) != {"of"} or given["of"] not in [[str(number)] for number in range(1, 10)]:
        return 422, {"error": "of: a number from 1 to 9"}
    number = int(given["of"][0])
    FAULT
    return 200, number * number

class Handler(BaseHTTPRequestHandler):
    def answer(self):
        parts = urlsplit(self.path)
        known = {"/openapi.json": DOCUMENT, "/health/ready": {}}
        if self.command != "GET":
            status, body = 405, {}
        elif parts.path == "/square":
            status, body = square(parts.query)
        else:
            status, body = (200, known[parts.path]) if parts.path in known else (404, {})
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        if status == 405:
            self.send_header("Allow", "GET")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""


def prove(fault: str, folder: Path) -> str:
    """Do to the small service what is done to a project."""
    program = folder / "service.py"
    program.write_text(SERVICE.replace("FAULT", fault))
    command = (sys.executable, program)
    with serving(command, port=free_port(), log=folder / "log") as url:
        return fuzz("squares", url, examples=20, signed_in=False, folder=folder)


def test_a_service_without_a_fault_passes(tmp_path: Path) -> None:
    assert "No issues found" in prove("pass", tmp_path)


@pytest.mark.parametrize(
    ("fault", "finding"),
    [
        ("if number == 7: return 500, {}", "Server error"),
        ("if number == 7: return 418, {}", "Undocumented status code"),
        ("if number == 7: return 200, 'many'", "Response violates schema"),
        ("if number == 7: return 400, {}", "no known rule forbids it"),
        ("if number == 7: return 422, {}", "no known rule forbids it"),
    ],
)
def test_an_answer_that_is_not_documented_is_found(
    fault: str, finding: str, tmp_path: Path
) -> None:
    with pytest.raises(AssertionError, match=finding):
        prove(fault, tmp_path)


def test_an_error_that_only_the_log_knows_of_is_found(tmp_path: Path) -> None:
    fault = """
    try:
        number / (number - 7)
    except ZeroDivisionError:
        traceback.print_exc()
"""
    with pytest.raises(AssertionError, match="ZeroDivisionError: division by zero"):
        prove(fault, tmp_path)
