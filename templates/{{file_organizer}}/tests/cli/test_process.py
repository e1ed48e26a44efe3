"""The program as a process: signals, pipes, terminals."""

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support import (
    Organize,
    contents,
    make_files,
    names,
    patched_command,
    run_patched,
    run_process,
    tree,
)

from file_organizer import moves, scan

# The signal comes during the third move, from the process itself: at no other time than this.
SIGNAL_IN_THIRD_MOVE = """
    from file_organizer import moves
    real, done = moves.rename, []
    def rename(*arguments):
        done.append(1)
        if len(done) == 3:
            os.kill(os.getpid(), signal.{})
        real(*arguments)
    moves.rename = rename
"""


def test_the_module_is_the_same_program(folder: Path, rules_file: Path) -> None:
    make_files(folder, "a.txt")
    done = run_process("run", folder, "--rules", rules_file)
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        done.stdout == "Docs/  1 file\n  a.txt\n1 file moved.\nTo take it back: organize undo 1\n"
    )


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_ends_a_run_after_the_move_in_hand(
    folder: Path, rules_file: Path, name: str, code: int
) -> None:
    make_files(folder, *(f"{n}.txt" for n in range(6)))
    before = contents(folder)
    stopped = run_patched(SIGNAL_IN_THIRD_MOVE.format(name), "run", folder, "--rules", rules_file)
    assert stopped.returncode == code
    assert stopped.stdout == (
        "Docs/  3 files\n  0.txt\n  1.txt\n  2.txt\n"
        "3 files moved, 3 not reached.\nTo take it back: organize undo 1\n"
    )
    assert stopped.stderr == (
        "Stopped before the end. The same command goes on, organize undo takes it back.\n"
    )
    assert run_process("run", folder, "--rules", rules_file).returncode == 0
    assert names(folder) == [f"Docs/{n}.txt" for n in range(6)]
    assert contents(folder) == before


def test_a_signal_ends_an_undo_after_the_move_in_hand(folder: Path, rules_file: Path) -> None:
    make_files(folder, *(f"{n}.txt" for n in range(6)))
    run_process("run", folder, "--rules", rules_file)
    stopped = run_patched(SIGNAL_IN_THIRD_MOVE.format("SIGTERM"), "undo")
    assert (stopped.returncode, stopped.stderr) == (143, "")
    assert stopped.stdout == "3 files put back.\nTo go on with the rest: organize undo 1\n"
    assert run_process("undo").stdout == "3 files put back.\n"


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_signal_during_the_plan_ends_it_at_once(
    folder: Path, rules_file: Path, name: str, code: int
) -> None:
    make_files(folder, "a.txt")
    patch = f"""
        from file_organizer import scan
        def interrupted(entry):
            os.kill(os.getpid(), signal.{name})
        scan._status = interrupted
    """
    before = tree(folder)
    stopped = run_patched(patch, "run", folder, "--rules", rules_file)
    assert (stopped.returncode, stopped.stdout, stopped.stderr) == (code, "", "Stopped.\n")
    assert tree(folder) == before


def test_a_signal_that_the_parent_ignores_is_ignored(folder: Path, rules_file: Path) -> None:
    make_files(folder, *(f"{n}.txt" for n in range(6)))
    patch = "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
    done = run_patched(
        patch + _dedented(SIGNAL_IN_THIRD_MOVE.format("SIGHUP")),
        "run",
        folder,
        "--rules",
        rules_file,
    )
    assert (done.returncode, done.stderr) == (0, "")


def _dedented(patch: str) -> str:
    return "\n".join(line.removeprefix("    ") for line in patch.splitlines()) + "\n"


def test_a_signal_from_outside_reaches_a_run(folder: Path, rules_file: Path) -> None:
    """The line is written after the signal was sent, so who has read it has had the signal."""
    make_files(folder, "a.txt", "b.txt")
    patch = """
        from file_organizer import moves
        real = moves.rename
        def rename(*arguments):
            print("in the middle", flush=True)
            sys.stdin.readline()
            real(*arguments)
        moves.rename = rename
    """
    command = patched_command(patch, "run", folder, "--rules", rules_file)
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "in the middle\n"
        process.send_signal(signal.SIGTERM)
        process.communicate("go on\n", timeout=60)
    assert process.returncode == 143
    assert names(folder) == ["Docs/a.txt", "b.txt"]


def test_a_killed_process_can_be_undone(folder: Path, rules_file: Path) -> None:
    make_files(folder, *(f"{n}.txt" for n in range(6)))
    before = tree(folder)
    killed = run_patched(
        SIGNAL_IN_THIRD_MOVE.format("SIGKILL"), "run", folder, "--rules", rules_file
    )
    assert killed.returncode == -signal.SIGKILL
    assert names(folder) == ["2.txt", "3.txt", "4.txt", "5.txt", "Docs/0.txt", "Docs/1.txt"]
    assert run_process("undo").stdout == "2 files put back.\n"
    assert tree(folder) == before


def closed_pipe() -> int:
    """The writing end of a pipe that nobody reads."""
    reader, writer = os.pipe()
    os.close(reader)
    return writer


@pytest.mark.parametrize(
    "arguments", [("history", "--json"), ("rules",), ("rules", "--json"), ("rules", "--toml")]
)
def test_a_reader_that_goes_away_is_no_error(arguments: tuple[str, ...]) -> None:
    writer = closed_pipe()
    done = run_process(*arguments, stdout=writer)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")


def test_a_run_is_complete_though_nobody_reads_its_report(folder: Path, rules_file: Path) -> None:
    make_files(folder, "a.txt", "b.txt")
    writer = closed_pipe()
    done = run_process("run", folder, "--rules", rules_file, stdout=writer)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")
    assert names(folder) == ["Docs/a.txt", "Docs/b.txt"]
    assert '"state": "done"' in run_process("history", "--json").stdout


def test_a_report_that_is_written_into_the_folder_itself_stays_there(
    folder: Path, rules_file: Path
) -> None:
    make_files(folder, "a.txt")
    with (folder / "report.txt").open("w") as report:
        done = run_process("run", folder, "--rules", rules_file, stdout=report)
    assert done.returncode == 1
    assert names(folder) == ["Docs/a.txt", "report.txt"]
    assert "report.txt: a program has it open for writing" in (folder / "report.txt").read_text()


def test_messages_that_nobody_reads_are_no_error() -> None:
    writer = closed_pipe()
    done = run_process("history", stderr=writer)
    os.close(writer)
    assert (done.returncode, done.stdout) == (0, "")


def test_a_full_disk_behind_stdout_is_a_message() -> None:
    with open("/dev/full", "w") as full:
        done = run_process("rules", stdout=full)
    assert done.returncode == 5
    assert done.stderr == (
        "error: No space left on device\n"
        "hint: The system refused this. Put it right and give the command again.\n"
    )


@pytest.mark.parametrize("closed", [(1,), (2,), (1, 2)])
def test_closed_streams_are_no_error(closed: tuple[int, ...], folder: Path) -> None:
    redirections = " ".join(f"{number}>&-" for number in closed)
    command = f'exec "$0" -m file_organizer plan "$1" {redirections}'
    done = subprocess.run(
        ["sh", "-c", command, sys.executable, folder], check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def on_terminal(environment: dict[str, str], *arguments: str | Path) -> str:
    """What the program shows if stdout and stderr are a terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "file_organizer", *map(str, arguments)]
    settings = {"TERM": "xterm-256color"} | environment
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=os.environ | settings):
        os.close(theirs)
        shown = b""
        try:
            while chunk := os.read(ours, 4096):
                shown += chunk
        except OSError:  # how Linux says that the other side has closed
            pass
    os.close(ours)
    return shown.decode()


def test_a_terminal_gets_colour_and_a_bar(folder: Path, rules_file: Path) -> None:
    make_files(folder, "a.txt")
    shown = on_terminal({}, "run", folder, "--rules", rules_file)
    assert "\x1b[1mDocs/\x1b[0m" in shown
    assert "Moving" in shown


def test_no_color_is_honoured(folder: Path, rules_file: Path) -> None:
    make_files(folder, "a.txt")
    shown = on_terminal({"NO_COLOR": "1"}, "plan", folder, "--rules", rules_file)
    assert "\x1b[3" not in shown
    assert "Docs/" in shown


def test_a_pipe_gets_neither_colour_nor_a_bar(folder: Path, rules_file: Path) -> None:
    make_files(folder, "a.txt")
    done = run_process("run", folder, "--rules", rules_file)
    assert "\x1b" not in done.stdout + done.stderr


def test_an_encoding_without_the_characters_is_no_obstacle(folder: Path, rules_file: Path) -> None:
    make_files(folder, "שלום.txt")
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "1"}
    done = run_process("plan", folder, "--rules", rules_file, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Docs/  1 file\n  \\u05e9\\u05dc\\u05d5\\u05dd.txt\n")


def test_help_does_not_load_the_core() -> None:
    code = "import sys; from file_organizer.cli import main; main(); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code, "--help"], check=True, capture_output=True, text=True
    )
    loaded = set(done.stdout.split())
    assert "typer" in loaded
    assert not loaded & {"pydantic", "puremagic", "sqlite3", "rich.table", "platformdirs"}


def test_the_same_in_this_process(
    organize: Organize, folder: Path, rules_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once more where coverage is measured: a stop in the moves, and one before them."""
    real: Callable[..., None] = moves.rename

    def rename(*arguments: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        real(*arguments)

    def status(_entry: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    make_files(folder, "a.txt", "b.txt")
    with monkeypatch.context() as patched:
        patched.setattr(moves, "rename", rename)
        result = organize("run", folder, "--rules", rules_file)
    assert (result.code, names(folder)) == (130, ["Docs/a.txt", "b.txt"])
    monkeypatch.setattr(scan, "_status", status)
    assert organize("run", folder, "--rules", rules_file) == (143, "", "Stopped.\n")
