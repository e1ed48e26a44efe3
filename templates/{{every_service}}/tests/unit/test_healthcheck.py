"""The image's health check, which asks the server beside it."""

import http.client
from typing import Any

import pytest

from app import healthcheck


class Connection:
    """Stands in for the connection, and keeps what it was asked."""

    def __init__(self, answer: int | Exception) -> None:
        self.status = 0
        self._answer = answer
        self.asked: list[Any] = []

    def __call__(self, *arguments: Any, **options: Any) -> "Connection":
        self.asked.append((arguments, options))
        return self

    def request(self, *arguments: Any) -> None:
        self.asked.append(arguments)
        if isinstance(self._answer, Exception):
            raise self._answer
        self.status = self._answer

    def getresponse(self) -> "Connection":
        return self

    def close(self) -> None:
        self.asked.append("closed")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (200, 0),
        (503, 1),
        (500, 1),
        (ConnectionRefusedError(), 1),
        (TimeoutError(), 1),
        (http.client.BadStatusLine("x"), 1),
    ],
    ids=str,
)
def test_only_an_answer_that_it_lives_is_health(
    monkeypatch: pytest.MonkeyPatch, answer: int | Exception, code: int
) -> None:
    connection = Connection(answer)
    monkeypatch.setattr(http.client, "HTTPConnection", connection)
    monkeypatch.setenv("PORT", "8123")
    assert healthcheck.main() == code
    assert connection.asked == [
        (("127.0.0.1", 8123), {"timeout": 5}),
        ("GET", "/health/live"),
        "closed",
    ]
