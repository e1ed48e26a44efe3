"""How a run goes is shown: a bar to who watches, a line for each student to who does not."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pexpect
import pytest

from seedbed.progress import Display
from tests.cohort.working import PATIENCE, REPOSITORY

# Its students end one after another, each when a file is there.
PROGRAM = """
import sys
from pathlib import Path

from seedbed.model import Outcome, Result
from seedbed.progress import display
from tests.cohort.working import student, until

folder, *rest = map(Path, sys.argv[1:])
outcomes = [
    Outcome("ada", Result.DONE, "seeded 1a2b3c4"),
    Outcome("bob", Result.CONFLICT, "pushed [bold]x[/bold]", files=("\\x1b[2J.py",)),
    Outcome("cyd", Result.FAILED, "failed", "no answer"),
]
with display("Seeding", 4, lines="lines" in sys.argv) as shown:
    for number, outcome in enumerate(outcomes):
        until((folder / str(number)).exists)
        shown.ended(student(outcome.slug), outcome)
    shown.stopping(1)
    until((folder / "end").exists)
"""
LINES = [
    "ada: seeded 1a2b3c4",
    "bob: pushed [bold]x[/bold], with conflicts in \\x1b[2J.py",
    "cyd: failed: no answer",
]
STOPPING = "Stopping once the one in flight is finished. Once more, to stop at once."
_SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def on_terminal(command: list[str], **env: str) -> "pexpect.spawn[str]":
    return pexpect.spawn(
        command[0],
        command[1:],
        cwd=str(REPOSITORY),
        env=environment() | env,
        encoding="utf-8",
        timeout=PATIENCE,
        dimensions=(24, 120),
    )


def environment() -> dict[str, str]:
    """Our own variables, but for those that say how a terminal is."""
    of_terminals = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TTY_COMPATIBLE")
    kept: Mapping[str, str] = {k: v for k, v in os.environ.items() if k not in of_terminals}
    return {**kept, "TERM": "xterm-256color", "PYTHONPATH": "."}


def command(folder: Path) -> list[str]:
    return [sys.executable, "-c", PROGRAM, str(folder), "lines"]


def let(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).touch()


def test_on_a_terminal_a_bar_counts(tmp_path: Path) -> None:
    program = on_terminal(command(tmp_path))
    program.expect(r"Seeding.*?0/4")
    let(tmp_path, "0")
    program.expect(r"Seeding.*?1/4")
    let(tmp_path, "1")
    program.expect(r"Seeding.*?2/4.*?1 conflict")
    let(tmp_path, "2")
    program.expect_exact(STOPPING)
    program.expect(r"Seeding.*?3/4.*?1 conflict, 1 failed")
    let(tmp_path, "end")
    program.expect(pexpect.EOF)
    program.close()

    assert program.exitstatus == 0


def test_on_a_terminal_the_bar_goes_and_leaves_no_line_behind_but_what_was_said(
    tmp_path: Path,
) -> None:
    let(tmp_path, "0", "1", "2", "end")
    program = on_terminal(command(tmp_path))
    written = program.read()

    said = [_SEQUENCE.sub("", part).strip() for part in re.split(r"[\r\n]+", written)]
    assert [each for each in said if each and not each.startswith("Seeding")] == [STOPPING]
    assert written.count("\x1b[?25h") == written.count("\x1b[?25l") == 1


def test_without_a_bar_a_terminal_has_the_lines(tmp_path: Path) -> None:
    let(tmp_path, "0", "1", "2", "end")
    arguments = command(tmp_path)
    arguments[2] = PROGRAM.replace('lines="lines" in sys.argv', "lines=True, bar=False")
    written = on_terminal(arguments).read()

    assert written.splitlines()[:3] == LINES


def test_no_color_is_heeded(tmp_path: Path) -> None:
    let(tmp_path, "0", "1", "2", "end")
    colour = re.compile(r"\x1b\[[0-9;]*3[0-9][0-9;]*m")

    assert colour.search(on_terminal(command(tmp_path)).read())
    assert not colour.search(on_terminal(command(tmp_path), NO_COLOR="1").read())


@pytest.mark.parametrize("env", [{}, {"FORCE_COLOR": "1"}, {"TTY_COMPATIBLE": "1"}])
def test_elsewhere_each_student_is_a_line_as_soon_as_it_ends(
    tmp_path: Path, env: dict[str, str]
) -> None:
    with subprocess.Popen(
        command(tmp_path),
        cwd=REPOSITORY,
        env=environment() | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        for number, line in enumerate(LINES):
            let(tmp_path, str(number))
            assert program.stdout.readline() == f"{line}\n"
        let(tmp_path, "end")
        out, err = program.communicate()

    assert (program.returncode, out, err) == (0, "", f"{STOPPING}\n")


def test_a_terminal_that_cannot_move_its_cursor_gets_lines(tmp_path: Path) -> None:
    let(tmp_path, "0", "1", "2", "end")
    program = on_terminal(command(tmp_path), TERM="dumb")

    assert program.read().splitlines() == [*LINES, STOPPING]


def test_a_pipe_gets_the_lines_while_the_terminal_has_the_bar(tmp_path: Path) -> None:
    let(tmp_path, "0", "1", "2", "end")
    out = tmp_path / "out"
    script = 'exec "$@" > "$0"'
    program = on_terminal(["sh", "-c", script, str(out), *command(tmp_path)])
    program.expect(r"Seeding.*?3/4")
    program.expect(pexpect.EOF)

    assert out.read_text().splitlines() == LINES


def test_a_report_has_no_lines_of_progress_in_it(tmp_path: Path) -> None:
    let(tmp_path, "0", "1", "2", "end")
    done = subprocess.run(
        command(tmp_path)[:-1],
        cwd=REPOSITORY,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )

    assert (done.stdout, done.stderr) == ("", f"{STOPPING}\n")


@pytest.mark.parametrize(
    ("busy", "said"),
    [
        (0, "Stopping."),
        (1, STOPPING),
        (2, "Stopping once the 2 in flight are finished. Once more, to stop at once."),
    ],
)
def test_who_is_waited_for_is_counted_when_it_is_asked_to_stop(
    capfd: pytest.CaptureFixture[str], busy: int, said: str
) -> None:
    Display(lines=True).stopping(busy)

    assert capfd.readouterr() == ("", f"{said}\n")


def test_a_closed_terminal_for_remarks_stops_nothing(tmp_path: Path) -> None:
    let(tmp_path, "0", "1", "2", "end")
    reads, writes = os.pipe()
    os.close(reads)
    with subprocess.Popen(
        command(tmp_path),
        cwd=REPOSITORY,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=writes,
        text=True,
    ) as program:
        os.close(writes)
        out, _ = program.communicate()

    assert (program.returncode, out.splitlines()) == (0, LINES)
