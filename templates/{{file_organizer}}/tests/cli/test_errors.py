"""Whatever a person does wrong: a message, what to do next, a stable exit code, no traceback."""

import os
from pathlib import Path

import pytest
from support import TEXTS_TO_DOCS, Organize, Result, make_files, unprivileged

from file_organizer import organizer, terminal
from file_organizer.errors import (
    BusyError,
    ConfigurationError,
    ExitCode,
    FailedError,
    UsageError,
)

HELP = "hint: organize --help lists the commands, organize COMMAND --help explains one.\n"


def test_exit_codes_never_change() -> None:
    assert {code.name: int(code) for code in ExitCode} == {
        "DONE": 0,
        "PARTLY": 1,
        "USAGE": 2,
        "CONFIGURATION": 3,
        "BUSY": 4,
        "FAILED": 5,
    }
    errors = (UsageError, ConfigurationError, BusyError, FailedError)
    assert [int(error.exit_code) for error in errors] == [2, 3, 4, 5]
    assert terminal.READER_GONE == 141


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Missing command."),
        (["plan"], "Missing argument 'DIR'."),
    ],
)
def test_wrong_usage(organize: Organize, arguments: list[str], message: str) -> None:
    result = organize(*arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err == f"error: {message}\n{HELP}"


@pytest.mark.parametrize(
    "arguments",
    [
        ["plann", "."],
        ["plan", ".", "--recursive"],
        ["undo", "last"],
        ["undo", "0"],
        ["undo", "-1"],
        ["undo", "9" * 30],
        ["plan", ".", "--rules"],
        ["plan", ".", "extra\x1b[31m"],
    ],
)
def test_more_wrong_usage(organize: Organize, arguments: list[str]) -> None:
    result = organize(*arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: ")
    assert result.err.endswith(HELP)
    assert len(result.err.splitlines()) == 2
    assert "\x1b" not in result.err


@pytest.mark.parametrize("command", ["plan", "run", "demo"])
def test_an_empty_name_is_not_the_present_folder(organize: Organize, command: str) -> None:
    expected = "error: the folder's name is empty\nhint: Name a folder; . is the present one.\n"
    assert organize(command, "") == Result(2, "", expected)


@pytest.mark.parametrize("command", ["plan", "run"])
def test_a_folder_must_exist_and_be_one(organize: Organize, tmp_path: Path, command: str) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "loop").symlink_to("loop")
    expected = {
        "missing": (2, "there is no folder {}", "Check the spelling of its path."),
        "file": (2, "{} is not a folder", "Name the folder to organise."),
        "file/x": (2, "{} is not a folder", "Name the folder to organise."),
        "loop": (
            5,
            "cannot read the folder {}: Too many levels of symbolic links",
            "Organise a folder that you may read and write.",
        ),
        "x" * 300: (
            5,
            "cannot read the folder {}: File name too long",
            "Organise a folder that you may read and write.",
        ),
    }
    for name, (code, message, hint) in expected.items():
        path = tmp_path / name
        error = f"error: {message.format(path)}\nhint: {hint}\n"
        assert organize(command, path) == Result(code, "", error)


def test_a_folder_that_may_not_be_read(
    organize: Organize, open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_files(open_folder / "inbox", "a.txt")
    organize("plan", open_folder / "inbox")  # loads modules, which nobody may read
    (open_folder / "rules.toml").write_text(TEXTS_TO_DOCS)
    monkeypatch.setenv("ORGANIZE_STATE_DIR", str(open_folder / "state"))
    (open_folder / "inbox").chmod(0)
    with unprivileged():
        result = organize("run", open_folder / "inbox", "--rules", open_folder / "rules.toml")
    assert result == Result(
        5,
        "",
        f"error: cannot read the folder {open_folder}/inbox: Permission denied\n"
        "hint: Organise a folder that you may read and write.\n",
    )


def test_undo_without_runs(organize: Organize) -> None:
    expected = "error: there is no run to undo\nhint: organize history lists the runs.\n"
    assert organize("undo") == Result(2, "", expected)


@pytest.mark.parametrize("command", ["run", "undo", "history"])
def test_a_garbage_journal(organize: Organize, folder: Path, state: Path, command: str) -> None:
    state.mkdir()
    (state / "journal.sqlite3").write_text("garbage " * 100)
    result = organize(command, *([folder] if command == "run" else []))
    assert result == Result(
        5,
        "",
        f"error: the journal {state}/journal.sqlite3 is damaged: file is not a database\n"
        "hint: Move that file away to start a new one;"
        " the runs in it can then no longer be undone.\n",
    )


def test_names_in_messages_are_made_safe(organize: Organize, tmp_path: Path) -> None:
    name = f"{tmp_path}/\x1b[2J\n\udcff"
    result = organize("plan", name)
    assert result.err == (
        f"error: there is no folder {tmp_path}/\\x1b[2J\\n\\xff\n"
        "hint: Check the spelling of its path.\n"
    )


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError(28, "No space left on device", "somewhere"), "No space left on device: somewhere"),
        (OSError(5, "Input/output error"), "Input/output error"),
        (OSError(9, "Bad file descriptor", 7), "Bad file descriptor"),
        (OSError("something"), "something"),
    ],
)
def test_what_the_system_refuses_elsewhere_is_a_message_too(
    organize: Organize,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: OSError,
    message: str,
) -> None:
    def fail(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr(organizer, "plan_folder", fail)
    assert organize("plan", folder) == Result(
        5,
        "",
        f"error: {message}\n"
        "hint: The system refused this. Put it right and give the command again.\n",
    )


def test_a_mistake_in_the_program_shows_itself(
    organize: Organize, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(organizer, "plan_folder", fail)
    with pytest.raises(ZeroDivisionError):
        organize("plan", folder)


def test_help_says_what_each_command_does(organize: Organize) -> None:
    result = organize("--help")
    assert (result.code, result.err) == (0, "")
    for command in ("plan", "run", "undo", "history", "rules", "demo"):
        assert f"\n  {command} " in result.out
        assert organize(command, "--help").code == 0


def test_the_environment_of_the_tests_is_their_own(state: Path) -> None:
    assert os.environ["ORGANIZE_STATE_DIR"] == str(state)
