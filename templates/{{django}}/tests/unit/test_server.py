"""What gunicorn is told, and what the application is that it gets."""

import gc
import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from gunicorn.config import Config  # type: ignore[import-untyped]
from support import settings_for

from app.core.health import OK
from app.core.management.commands import serve
from app.core.server import Logger, Server, Worker, configuration
from app.wsgi import application, with_known_length


def test_settings_say_where_to_serve_and_by_how_many() -> None:
    settings = settings_for(
        host="0.0.0.0",
        port=8123,
        web_concurrency=3,
        web_threads=5,
        shutdown_seconds=7,
        forwarded_allow_ips="10.0.0.1",
    )
    wanted = {
        "bind": "0.0.0.0:8123",
        "workers": 3,
        "threads": 5,
        "worker_class": Worker,
        "graceful_timeout": 7,
        "forwarded_allow_ips": "10.0.0.1",
        "secure_scheme_headers": {"X-FORWARDED-PROTO": "https"},
    }
    told = configuration(settings)
    assert {name: told[name] for name in wanted} == wanted


def test_an_address_of_ipv6_is_put_in_brackets() -> None:
    assert configuration(settings_for(host="::1"))["bind"] == "[::1]:8000"


@pytest.fixture
def thawed() -> Iterator[None]:
    """What is frozen by a test is thawed after it."""
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("thawed")
def test_gunicorn_takes_all_of_it() -> None:
    server = Server(settings_for())
    assert server.load() is application
    assert (server.cfg.worker_class, server.cfg.preload_app) == (Worker, True)
    server.cfg.when_ready(None)
    assert gc.get_freeze_count() > 0


def test_gunicorn_logs_as_everything_else_does(caplog: pytest.LogCaptureFixture) -> None:
    logger = Logger(Config())
    logger.warning("out of breath")
    assert ("gunicorn.error", logging.WARNING, "out of breath") in caplog.record_tuples
    assert logging.getLogger("gunicorn.error").handlers == []


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Server]:
    """The servers that were run, in place of running them; their tables are up to date."""
    ran: list[Server] = []

    def run(self: Server) -> None:
        ran.append(self)

    monkeypatch.setattr(Server, "run", run)
    monkeypatch.setattr(serve, "readiness", lambda: OK)
    return ran


def test_the_command_serves(served: list[Server]) -> None:
    call_command("serve")
    assert [server.cfg.address for server in served] == [[("127.0.0.1", 8000)]]


@pytest.mark.parametrize(("collected", "said"), [(False, True), (True, False)])
def test_in_production_it_says_when_static_files_were_not_collected(
    served: list[Server],
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    caplog: pytest.LogCaptureFixture,
    *,
    collected: bool,
    said: bool,
) -> None:
    settings.IN_PRODUCTION = True
    monkeypatch.setattr("app.core.management.commands.serve.are_collected", lambda: collected)
    call_command("serve")
    assert len(served) == 1
    assert ("collectstatic" in caplog.text) is said


def received(environ: dict[str, Any], limit: int, settings: Any) -> tuple[bytes, str | None]:
    """What the application reads of a request's body, and how long it is told that to be."""
    settings.MAX_BODY_BYTES = limit
    seen: list[tuple[bytes, str | None]] = []

    def inner(environ: dict[str, Any], _start_response: object) -> list[bytes]:
        seen.append((environ["wsgi.input"].read(), environ.get("CONTENT_LENGTH")))
        return []

    with_known_length(inner)(environ, lambda *_: None)
    return seen[0]


def test_a_body_of_unknown_length_gets_one(settings: Any) -> None:
    environ = {"wsgi.input": io.BytesIO(b"12345"), "wsgi.input_terminated": True}
    assert received(environ, 5, settings) == (b"12345", "5")


def test_of_one_that_is_too_large_so_much_is_read_that_it_can_be_told(settings: Any) -> None:
    environ = {"wsgi.input": io.BytesIO(b"1" * 1000), "wsgi.input_terminated": True}
    assert received(environ, 5, settings) == (b"111111", "6")


def test_all_others_are_left_alone(settings: Any) -> None:
    stream = io.BytesIO(b"123")
    environ = {"wsgi.input": stream, "wsgi.input_terminated": True, "CONTENT_LENGTH": "3"}
    assert received(environ, 1, settings) == (b"123", "3")
    assert received({"wsgi.input": io.BytesIO(b"123")}, 1, settings) == (b"123", None)


@pytest.mark.usefixtures("served")
def test_in_production_it_says_what_is_missing(
    settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.IN_PRODUCTION, settings.STATIC_ROOT = True, tmp_path
    call_command("serve")
    assert caplog.messages == [
        (
            "static files are missing, so the admin has no styles:"
            " run `python -m app collectstatic --no-input` first"
        ),
        "e-mail goes to the log and to nobody: set EMAIL_URL",
    ]
    caplog.clear()
    (tmp_path / "staticfiles.json").write_text("{}")
    settings.SERVICE = settings_for(email_url="smtp://mail.example.com")
    call_command("serve")
    assert caplog.messages == []
