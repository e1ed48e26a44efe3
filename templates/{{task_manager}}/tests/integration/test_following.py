"""Following a project over HTTP, with the program as a process of its own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import people
import pytest
from databases import visit
from joining import PASSWORD
from processes import SECONDS, Server, serving
from team import token_in_mail

Json = dict[str, Any]


class Caller:
    """Somebody who sends requests to a server in another process."""

    def __init__(self, server: Server, name: str) -> None:
        self.server = server
        self.name = name
        self.token = ""
        body = people.registration(name, f"{name}@example.com", PASSWORD)
        self.token = self.send("POST", people.REGISTER, body)["access"]

    def sign_in(self) -> None:
        """Get a fresh token."""
        body = people.login(f"{self.name}@example.com", PASSWORD)
        self.token = self.send("POST", people.LOGIN, body)["access"]

    def send(self, method: str, path: str, body: Json | None = None) -> Json:
        """Send a request that succeeds, and return what was answered."""
        connection = HTTPConnection("127.0.0.1", self.server.port, timeout=SECONDS)
        headers = {"Content-Type": "application/json", "If-Match": "*", **self.shown}
        connection.request(method, f"/api{path}", json.dumps(body) if body else None, headers)
        response = connection.getresponse()
        text = response.read()
        connection.close()
        assert response.status < 300, text
        answer: Json = json.loads(text or b"{}")
        return answer

    @property
    def shown(self) -> dict[str, str]:
        """The header that shows who this is."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    @contextmanager
    def following(self, after: int | None = None) -> Iterator[HTTPResponse]:
        """Follow the project WEB; the first event, `ready`, is heard already."""
        last = {} if after is None else {"Last-Event-ID": str(after)}
        connection = HTTPConnection("127.0.0.1", self.server.port, timeout=SECONDS)
        try:
            connection.request("GET", "/api/projects/WEB/events", headers={**self.shown, **last})
            response = connection.getresponse()
            assert response.status == 200
            assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
            assert heard(response)["event"] == "ready"
            yield response
        finally:
            connection.close()


def heard(stream: HTTPResponse) -> Json:
    """The next event; nothing where the stream has ended."""
    fields: Json = {}
    while line := stream.readline().decode():
        name, colon, value = line.rstrip("\n").partition(": ")
        if colon and name:
            fields[name] = value
        elif not line.strip() and "data" in fields:
            return {**fields, "id": int(fields["id"]), "data": json.loads(fields["data"])}
    return {}


def start(server: Server, url: str) -> tuple[Caller, Caller]:
    """Ada, who owns the project WEB, and Bob, who is a member of it."""
    ada, bob = Caller(server, "ada"), Caller(server, "bob")
    ada.send("POST", "/projects", {"key": "WEB", "name": "Website"})
    ada.send("POST", "/projects/WEB/invitations", {"email": "bob@example.com"})
    bob.send("POST", "/invitations/accept", {"token": visit(url, token_in_mail)})
    return ada, bob


@contextmanager
def served(folder: Path, url: str, **settings: str) -> Iterator[Server]:
    """A server that keeps the text of mails: it cannot send any."""
    nobody = "smtp://nobody:nothing@127.0.0.1:1"
    with serving(folder, DATABASE_URL=url, EMAIL_URL=nobody, **settings) as server:
        yield server
        server.terminate()
        server.ended()
        assert "Traceback" not in "".join(server.lines)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_whoever_changes_something_others_hear_of_it_once_and_in_order(
    own_url: str, tmp_path: Path, workers: str
) -> None:
    with served(tmp_path, own_url, WEB_CONCURRENCY=workers) as server:
        ada, bob = start(server, own_url)
        with bob.following() as first, bob.following() as second, ada.following() as third:
            for number in range(3):
                ada.send("POST", "/projects/WEB/tasks", {"title": f"Task {number}"})
                bob.send("POST", "/tasks/WEB-1/comments", {"body": f"Comment {number}"})
            told = [[heard(stream) for _ in range(6)] for stream in (first, second, third)]
        history = ada.send("GET", "/projects/WEB/activity")["items"]
    assert told[0] == told[1] == told[2]
    assert [event["data"] for event in told[0]] == history[-6:]
    assert [event["id"] for event in told[0]] == [entry["id"] for entry in history[-6:]]
    assert [event["event"] for event in told[0]] == ["task.created", "comment.added"] * 3


def test_who_comes_back_hears_what_they_missed_and_nothing_twice(
    own_url: str, tmp_path: Path
) -> None:
    with served(tmp_path, own_url) as server:
        ada, bob = start(server, own_url)
        with bob.following() as stream:
            ada.send("POST", "/projects/WEB/tasks", {"title": "Heard"})
            last = heard(stream)["id"]
        for number in range(5):
            ada.send("POST", "/projects/WEB/tasks", {"title": f"Missed {number}"})
        with bob.following(after=last) as stream:
            ada.send("POST", "/projects/WEB/tasks", {"title": "Live again"})
            told = [heard(stream) for _ in range(6)]
    titles = [event["data"]["changes"]["title"][1] for event in told]
    assert titles == [*(f"Missed {number}" for number in range(5)), "Live again"]
    assert [event["id"] for event in told] == list(range(last + 1, last + 7))


def test_who_is_removed_hears_nothing_of_that_and_of_what_comes_after(
    own_url: str, tmp_path: Path
) -> None:
    with served(tmp_path, own_url) as server:
        ada, bob = start(server, own_url)
        with bob.following() as gone, ada.following() as stays:
            ada.send("POST", "/projects/WEB/tasks", {"title": "For both"})
            assert heard(gone)["event"] == "task.created"
            ada.send("DELETE", "/projects/WEB/members/bob")
            ada.send("POST", "/projects/WEB/tasks", {"title": "For Ada alone"})
            assert heard(gone) == {}
            told = [heard(stays)["event"] for _ in range(3)]
    assert told == ["task.created", "member.left", "task.created"]


def test_all_are_let_go_when_the_project_is_removed(own_url: str, tmp_path: Path) -> None:
    with served(tmp_path, own_url) as server:
        ada, bob = start(server, own_url)
        with bob.following() as stream:
            ada.send("DELETE", "/projects/WEB")
            assert heard(stream) == {}


def test_a_stream_ends_with_the_token_that_opened_it(own_url: str, tmp_path: Path) -> None:
    with served(tmp_path, own_url, ACCESS_TOKEN_LIFETIME="PT10S") as server:
        ada, _ = start(server, own_url)
        ada.sign_in()
        with ada.following() as stream:
            assert heard(stream) == {}


def test_a_stream_ends_when_the_server_is_told_to(own_url: str, tmp_path: Path) -> None:
    with served(tmp_path, own_url, SHUTDOWN_SECONDS="50") as server:
        ada, _ = start(server, own_url)
        with ada.following() as stream:
            server.terminate()
            # To the end, which is said in so many words: else this would raise `IncompleteRead`.
            assert stream.read() == b""
