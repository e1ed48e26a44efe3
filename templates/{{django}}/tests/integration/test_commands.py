"""The commands that every service has."""

import json
import os
import re
import sys
from pathlib import Path

import pytest
from databases import tables
from django.core.management import CommandError, call_command
from django.db import OperationalError
from processes import run
from pytest_django import DjangoDbBlocker
from support import SECRET

from app.__main__ import main
from app.core.environment import SettingsError
from app.core.explanations import explained

HINT = (
    "hint: Does the database run, and is DATABASE_URL right?"
    " `python -m app migrate` makes its tables."
)


def test_wrong_settings_end_with_a_message_for_each(tmp_path: Path) -> None:
    ended = run("serve", folder=tmp_path, DATABASE_URL="mysql://host/name", PORT="x")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.splitlines() == [
        "error: The settings are wrong.",
        "DATABASE_URL: must begin with postgresql:// or name a file, as sqlite:///app.db does",
        "PORT: Input should be a valid integer, unable to parse string as an integer",
        "hint: Set these environment variables; .env.example describes them.",
    ]


@pytest.mark.parametrize("command", ["serve", "check", "createsuperuser"])
def test_in_production_nothing_runs_without_a_secret(command: str, tmp_path: Path) -> None:
    ended = run(command, folder=tmp_path, ENVIRONMENT="production", SECRET_KEY="short")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == (
        "error: The settings are wrong.\n"
        "SECRET_KEY must have at least 32 characters and be secret:"
        ' python -c "import secrets; print(secrets.token_urlsafe(48))"\n'
        "hint: Set these environment variables; .env.example describes them.\n"
    )


@pytest.mark.parametrize(
    "url", ["sqlite:////no/such/folder/app.db", "postgresql://postgres@127.0.0.1:1/app"]
)
@pytest.mark.parametrize("command", ["migrate", "dev"])
def test_a_database_that_cannot_be_reached_ends_with_a_message(
    command: str, url: str, tmp_path: Path
) -> None:
    ended = run(command, folder=tmp_path, DATABASE_URL=url)
    assert ended.returncode == 1
    error, hint = ended.stderr.splitlines()[-2:]
    assert error.startswith("error: ")
    assert hint == HINT
    assert "Traceback" not in ended.stderr


def test_migrating_makes_the_tables(
    fresh_url: str, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    ended = run("migrate", folder=tmp_path, DATABASE_URL=fresh_url)
    assert (ended.returncode, ended.stderr) == (0, "")
    with django_db_blocker.unblock():
        assert "accounts_user" in tables(fresh_url)


def test_a_superuser_can_be_made_whose_address_is_written_as_others(
    migrated_url: str, tmp_path: Path
) -> None:
    variables = {
        "DATABASE_URL": migrated_url,
        "DJANGO_SUPERUSER_PASSWORD": "correct horse",
        "DJANGO_SUPERUSER_EMAIL": "Root@Example.com",
    }
    made = run("createsuperuser", "--no-input", folder=tmp_path, **variables)
    assert (made.returncode, made.stderr) == (0, "")
    again = run("createsuperuser", "--no-input", folder=tmp_path, **variables)
    assert again.returncode == 1
    assert "already taken" in again.stderr


def test_production_passes_djangos_own_checks(tmp_path: Path) -> None:
    ended = run(
        "check",
        *("--deploy", "--fail-level", "WARNING"),
        folder=tmp_path,
        ENVIRONMENT="production",
        SECRET_KEY=f"{SECRET}-{'0123456789abcdef' * 3}",
        ALLOWED_HOSTS="shop.example.com",
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("System check identified no issues")


def test_the_document_is_printed_or_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("openapi")
    printed = capsys.readouterr().out
    assert json.loads(printed)["openapi"] == "3.1.0"
    file = tmp_path / "openapi.json"
    call_command("openapi", "--output", str(file))
    assert file.read_text("utf-8") == printed
    assert capsys.readouterr().out == ""


def test_the_program_runs_commands_by_the_settings_of_this_service(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "of.some.other.project")
    monkeypatch.setattr(sys, "argv", ["app", "version"])
    main()
    assert os.environ["DJANGO_SETTINGS_MODULE"] == "app.settings"
    assert capsys.readouterr().out.startswith("5.")


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("openapi", "--output", str(tmp_path / "no such folder" / "openapi.json"))
    error, hint = str(caught.value).splitlines()
    assert error.endswith("no such folder/openapi.json'")
    assert hint == "hint: Name a file in a folder that is there."


def test_mail_goes_where_the_settings_say(tmp_path: Path) -> None:
    url = "smtps://us%40er:p%2Fw@mail.example.com"
    ended = run("diffsettings", folder=tmp_path, EMAIL_URL=url, EMAIL_FROM="shop@example.com")
    for line in (
        "EMAIL_HOST = 'mail.example.com'",
        "EMAIL_PORT = 465",
        "EMAIL_HOST_USER = 'us@er'",
        "EMAIL_HOST_PASSWORD = 'p/w'",
        "EMAIL_USE_SSL = True",
        "DEFAULT_FROM_EMAIL = 'shop@example.com'",
    ):
        assert line in ended.stdout


def test_the_program_lists_its_commands(tmp_path: Path) -> None:
    ended = run("help", folder=tmp_path)
    assert ended.returncode == 0
    listed = set(re.findall(r"^    (\S+)$", ended.stdout, re.MULTILINE))
    assert {"dev", "serve", "work", "migrate", "openapi", "check"} <= listed


@pytest.mark.parametrize("said", [["nonsense"], ["migrate", "--nonsense"]])
def test_what_is_no_command_is_told_by_the_name_of_the_program(
    said: list[str], tmp_path: Path
) -> None:
    ended = run(*said, folder=tmp_path)
    assert ended.returncode != 0
    assert "python -m app" in ended.stderr
    assert "django help" not in ended.stderr


def test_ctrl_c_while_the_program_starts_leaves_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Interrupted:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "app.core.explanations":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "app.core.explanations")
    monkeypatch.setattr(sys, "meta_path", [Interrupted(), *sys.meta_path])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 130
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("error", "code", "lines"),
    [
        (
            SettingsError("PORT: wrong"),
            2,
            [
                "error: The settings are wrong.",
                "PORT: wrong",
                "hint: Set these environment variables; .env.example describes them.",
            ],
        ),
        (OperationalError("refused\n\tby the server\n"), 1, ["error: refused by the server", HINT]),
        (KeyboardInterrupt(), 130, ["Stopped. What was not finished was undone."]),
    ],
)
def test_what_a_person_can_put_right_is_explained(
    error: BaseException, code: int, lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught, explained():
        raise error
    assert caught.value.code == code
    assert capsys.readouterr().err.splitlines() == lines


@pytest.mark.parametrize("kind", [BrokenPipeError, RuntimeError])
def test_everything_else_is_not(kind: type[Exception]) -> None:
    with pytest.raises(kind), explained():
        raise kind
