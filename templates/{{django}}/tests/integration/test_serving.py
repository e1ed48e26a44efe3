"""The server and the developer's server, as processes: what they answer, and how they end."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from processes import SECONDS, Server, environment, free_port, head, run, serving

SIGN_UP = json.dumps({"email": "ada@example.com", "password": "correct horse battery"}).encode()


def ask(server: Server, path: str, **headers: str) -> http.client.HTTPResponse:
    """Send GET; a header is named as in `x_request_id="1"`."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=SECONDS)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request("GET", path, headers=named)
        response = connection.getresponse()
        response.read()
        return response
    finally:
        connection.close()


def answer(server: Server, request: bytes) -> tuple[int, bytes]:
    """Send a request as it is."""
    with server.connect() as connection:
        connection.sendall(request)
        response = http.client.HTTPResponse(connection)
        response.begin()
        return response.status, response.read()


def test_it_serves_and_ends_when_it_is_told_to(migrated_url: str, tmp_path: Path) -> None:
    with serving(tmp_path, DATABASE_URL=migrated_url, WEB_CONCURRENCY="2") as server:
        assert ask(server, "/health/ready").status == 200
        server.terminate()
        assert server.ended() == 0
    written = "".join(server.lines)
    assert "app.requests: request method='GET' path='/health/ready' status=200" in written
    assert "Traceback" not in written


def test_where_tables_are_missing_it_says_how_to_make_them(fresh_url: str, tmp_path: Path) -> None:
    with serving(tmp_path, DATABASE_URL=fresh_url) as server:
        assert ask(server, "/health/ready").status == 503
        server.terminate()
        assert server.ended() == 0
    assert "the tables are not up to date: run `python -m app migrate`" in "".join(server.lines)


def test_a_request_in_hand_is_answered_before_it_ends(migrated_url: str, tmp_path: Path) -> None:
    with serving(tmp_path, DATABASE_URL=migrated_url) as server:
        headers = {"Content-Type": "application/json", "Content-Length": len(SIGN_UP)}
        with server.connect() as connection:
            connection.sendall(head("POST", "/api/auth/register", headers) + SIGN_UP[:10])
            time.sleep(1)
            server.terminate()
            server.wait_for("Handling signal: term")
            connection.sendall(SIGN_UP[10:])
            response = http.client.HTTPResponse(connection)
            response.begin()
            assert response.status == 201
        assert server.ended() == 0


def chunked(*parts: bytes) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def test_bodies_of_unknown_length_are_read_as_far_as_is_allowed(
    migrated_url: str, tmp_path: Path
) -> None:
    headers = {"Content-Type": "application/json", "Transfer-Encoding": "chunked"}
    start = head("POST", "/api/auth/register", headers)
    with serving(tmp_path, DATABASE_URL=migrated_url, MAX_BODY_BYTES="1024") as server:
        status, _ = answer(server, start + chunked(SIGN_UP[:20], SIGN_UP[20:]))
        assert status == 201
        status, body = answer(server, start + chunked(*[b" " * 100] * 11))
        assert (status, json.loads(body)["code"]) == (413, "body_too_large")
        status, body = answer(server, start + chunked())
        assert status == 400


def test_only_a_known_proxy_says_what_was_asked_by_https(migrated_url: str, tmp_path: Path) -> None:
    for proxies, status in (("127.0.0.1", 401), ("10.0.0.1", 301)):
        variables = {"REDIRECT_TO_HTTPS": "true", "FORWARDED_ALLOW_IPS": proxies}
        with serving(tmp_path, DATABASE_URL=migrated_url, **variables) as server:
            response = ask(server, "/api/account", x_forwarded_proto="https")
            assert response.status == status
            secured = response.headers["Strict-Transport-Security"]
            assert (secured is not None) == (status == 401)
            assert ask(server, "/health/live").status == 200


def test_half_a_request_does_not_keep_others_waiting_for_ever(
    migrated_url: str, tmp_path: Path
) -> None:
    json_body = {"Content-Type": "application/json"}
    halves = [
        head("POST", "/api/auth/login", {**json_body, "Content-Length": 100}) + b"{",
        head("POST", "/api/auth/login", {**json_body, "Transfer-Encoding": "chunked"}) + b"5\r\n{",
        b"GET /health/live HTTP/1.1\r\nHo",
    ]
    with serving(tmp_path, DATABASE_URL=migrated_url, WEB_THREADS="3") as server:
        # As many as there are threads.
        held = [server.connect() for _ in halves]
        for connection, half in zip(held, halves, strict=True):
            connection.sendall(half)
        assert ask(server, "/health/live").status == 200
        answers = [connection.recv(100)[:12] for connection in held]
        for connection in held:
            connection.close()
        server.terminate()
        assert server.ended() == 0
    assert answers == [b"HTTP/1.1 400", b"HTTP/1.1 400", b""]
    assert "Traceback" not in "".join(server.lines)


def test_head_has_no_body_and_no_complaint_in_the_log(migrated_url: str, tmp_path: Path) -> None:
    with serving(tmp_path, DATABASE_URL=migrated_url) as server:
        with server.connect() as connection:
            connection.sendall(head("HEAD", "/health/live", {"Connection": "close"}))
            received = b"".join(iter(lambda: connection.recv(4096), b""))
        server.terminate()
        server.ended()
    assert received.startswith(b"HTTP/1.1 200")
    assert received.endswith(b"\r\n\r\n")
    assert "WARNING" not in "".join(server.lines)


@contextmanager
def developing(folder: Path, url: str) -> Iterator[Server]:
    """Run `python -m app dev`."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "dev"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
        env=environment(PORT=str(port), PYTHONUNBUFFERED="1", DATABASE_URL=url),
        start_new_session=True,
    )
    try:
        yield Server(process, port)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def children(process: int) -> set[int]:
    """The processes that one has started, and those that they have."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], check=True, capture_output=True, text=True
    )
    parents = {int(pid): int(parent) for pid, parent in map(str.split, listed.stdout.splitlines())}
    found, size = {process}, 0
    while len(found) != size:
        size = len(found)
        found |= {pid for pid, parent in parents.items() if parent in found}
    return found - {process}


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_developing_serves_and_works_and_leaves_no_process_behind(
    number: int, migrated_url: str, tmp_path: Path
) -> None:
    with developing(tmp_path, migrated_url) as server:
        server.wait_for("worker started")
        server.wait_until_it_listens()
        assert ask(server, "/health/ready").status == 200
        assert ask(server, "/static/core/docs.js").status == 200
        started = children(server.process.pid)
        assert len(started) == 4
        server.process.send_signal(number)
        assert server.ended() == 0
        assert not any(map(is_there, started))
    assert "Traceback" not in "".join(server.lines)


def test_when_the_server_cannot_serve_the_worker_ends_too(
    migrated_url: str, tmp_path: Path
) -> None:
    with developing(tmp_path, migrated_url) as first:
        first.wait_until_it_listens()
        ended = run("dev", folder=tmp_path, PORT=str(first.port), DATABASE_URL=migrated_url)
        assert ended.returncode == 1
        assert "That port is already in use." in ended.stdout + ended.stderr
        first.terminate()
        assert first.ended() == 0
