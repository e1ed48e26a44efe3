"""The commands that every service has."""

import json
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from databases import tables
from processes import run
from support import SECRET
from typer.testing import CliRunner, Result

from app.core import cli

Variables = pytest.MonkeyPatch

UNREACHABLE = ["sqlite:////no/such/folder/app.db", "postgresql://postgres@127.0.0.1:1/app"]


@pytest.fixture(autouse=True)
def secret(monkeypatch: Variables) -> None:
    """A secret that is good for production too."""
    monkeypatch.setenv("SECRET_KEY", SECRET)


def call(*arguments: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(cli.cli, arguments, catch_exceptions=False)


def test_without_a_command_there_is_help() -> None:
    result = call()
    assert result.exit_code == 2
    for command in ("dev", "serve", "migrate", "openapi"):
        assert command in result.output


def test_migrating_makes_the_tables_and_again_does_nothing(
    fresh_url: str, monkeypatch: Variables, pattern: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", fresh_url)
    for _ in range(2):
        result = call("migrate")
        assert (result.exit_code, result.stderr) == (0, "")
    assert tables(fresh_url) == tables(pattern)


@pytest.mark.parametrize("command", ["migrate", "serve", "dev", "openapi"])
def test_wrong_settings_end_with_a_message_for_each(command: str, monkeypatch: Variables) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://host/name")
    monkeypatch.setenv("PORT", "x")
    result = call(command)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        "error: The settings are wrong.",
        "DATABASE_URL: must begin with postgresql:// or name a file, as sqlite:///app.db does",
        "PORT: Input should be a valid integer, unable to parse string as an integer",
        "hint: Set these environment variables; .env.example describes them.",
    ]


# A driver that could not open its file reports the end of its thread to a loop that is closed.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("url", UNREACHABLE)
@pytest.mark.parametrize("command", ["migrate", "dev"])
def test_a_database_that_cannot_be_reached_ends_with_a_message(
    command: str, url: str, monkeypatch: Variables
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    before = set(threading.enumerate())
    result = call(command)
    for thread in set(threading.enumerate()) - before:
        thread.join()
    assert result.exit_code == 1
    error, hint = result.stderr.splitlines()
    assert error.startswith("error: ")
    assert hint.startswith("hint: Does the database run, and is DATABASE_URL right?")


def test_a_process_ends_with_a_message_and_without_a_traceback(tmp_path: Path) -> None:
    ended = run("serve", folder=tmp_path, ENVIRONMENT="production", SECRET_KEY="short")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == (
        "error: The settings are wrong.\n"
        "SECRET_KEY must have at least 32 characters and be secret:"
        ' python -c "import secrets; print(secrets.token_urlsafe(48))"\n'
        "hint: Set these environment variables; .env.example describes them.\n"
    )


def test_several_containers_that_start_at_once_migrate_once(
    fresh_url: str, pattern: str, tmp_path: Path
) -> None:
    def migrate_there() -> subprocess.CompletedProcess[str]:
        return run("migrate", folder=tmp_path, DATABASE_URL=fresh_url)

    with ThreadPoolExecutor() as pool:
        ended = [future.result() for future in [pool.submit(migrate_there) for _ in range(2)]]
    assert [(each.returncode, each.stderr) for each in ended] == [(0, "")] * 2
    assert "".join(each.stdout for each in ended).count("Running upgrade  -> ") == 1
    assert tables(fresh_url) == tables(pattern)


@pytest.fixture
def served(monkeypatch: Variables) -> list[Any]:
    """What the server was started with, in place of a server."""
    calls: list[Any] = []
    monkeypatch.setattr(uvicorn, "run", lambda *given, **options: calls.append((given, options)))
    return calls


def test_serving_takes_the_settings(served: list[Any], monkeypatch: Variables) -> None:
    monkeypatch.setenv("HOST", "0.0.0.0")
    monkeypatch.setenv("PORT", "8123")
    monkeypatch.setenv("SHUTDOWN_SECONDS", "7")
    assert call("serve").exit_code == 0
    (((factory,), options),) = served
    assert factory == "app.main:create_app"
    wanted = {
        "factory": True,
        "host": "0.0.0.0",
        "port": 8123,
        "reload": False,
        "access_log": False,
        "server_header": False,
        "timeout_graceful_shutdown": 7,
    }
    assert {name: options[name] for name in wanted} == wanted


def test_developing_migrates_and_reloads(
    served: list[Any], fresh_url: str, monkeypatch: Variables, pattern: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", fresh_url)
    assert call("dev").exit_code == 0
    assert tables(fresh_url) == tables(pattern)
    ((_, options),) = served
    (folder,) = options["reload_dirs"]
    assert options["reload"]
    assert (Path(folder) / "app" / "main.py").is_file()


def test_the_document_is_printed_or_written(tmp_path: Path) -> None:
    printed = call("openapi")
    assert (printed.exit_code, printed.stderr) == (0, "")
    document = json.loads(printed.stdout)
    assert document["openapi"].startswith("3.")
    file = tmp_path / "openapi.json"
    written = call("openapi", "--output", str(file))
    assert (written.exit_code, written.output) == (0, "")
    assert file.read_text("utf-8") == printed.stdout


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    result = call("openapi", "--output", str(tmp_path / "no such folder" / "openapi.json"))
    assert (result.exit_code, result.stdout) == (1, "")
    error, hint = result.stderr.splitlines()
    assert error.endswith("no such folder/openapi.json'")
    assert hint == "hint: Name a file in a folder that is there."


def test_whoever_closes_a_pipe_gets_no_message() -> None:
    with pytest.raises(BrokenPipeError), cli.explained():
        raise BrokenPipeError
