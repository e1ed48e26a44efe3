"""The program as a process: it serves, and it ends without losing a request."""

import json
import socket
from pathlib import Path

import people
from databases import snapshot, visit
from joining import PASSWORD
from processes import Server, head, serving

BODY = json.dumps(people.registration("ada", "ada@example.com", PASSWORD)).encode()


def read_all(connection: socket.socket) -> bytes:
    """All that comes until the server closes the connection."""
    return b"".join(iter(lambda: connection.recv(65_536), b""))


def get(server: Server, path: str) -> bytes:
    with server.connect() as connection:
        connection.sendall(head("GET", path, {"Connection": "close"}))
        return read_all(connection)


def test_a_request_in_hand_is_answered_before_the_server_ends(own_url: str, tmp_path: Path) -> None:
    with serving(tmp_path, DATABASE_URL=own_url) as server:
        assert get(server, "/health/ready").endswith(b'{"status":"ok"}')
        with server.connect() as connection:
            headers = {
                "Content-Type": "application/json",
                "Content-Length": len(BODY),
                "Expect": "100-continue",
            }
            connection.sendall(head("POST", f"/api{people.REGISTER}", headers))
            # The server says so when the application waits for the body: the request is in hand.
            assert connection.recv(1000).startswith(b"HTTP/1.1 100 Continue")
            server.terminate()
            server.wait_for("Shutting down")
            connection.sendall(BODY)
            answer = read_all(connection)
        assert answer.startswith(b"HTTP/1.1 201 Created")
        assert b'"username":"ada"' in answer
        # Uvicorn ends itself by the signal that it was sent, so that its parent sees why.
        assert server.ended() in {0, -15}
    assert len(visit(own_url, snapshot)["users"]) == 1
    written = "".join(server.lines)
    assert "Traceback" not in written
    assert f"path='/api{people.REGISTER}' status=201" in written


def test_where_tables_are_missing_it_says_how_to_make_them(fresh_url: str, tmp_path: Path) -> None:
    with serving(tmp_path, DATABASE_URL=fresh_url) as server:
        assert get(server, "/health/ready").endswith(b'{"status":"database not migrated"}')
        server.terminate()
        assert server.ended() in {0, -15}
    assert "the tables are not up to date: run `python -m app migrate`" in "".join(server.lines)
