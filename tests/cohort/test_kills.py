"""However a run ends, and wherever: the next one completes it, and nothing is lost."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cohort.transports import COHORT
from tests.cohort.world import Snapshot, assert_nothing_lost, small_template, work_and_push

STUDENTS = [f"student-{number}" for number in range(6)]
UPDATE = "refs/heads/seedbed/v1.1.0"
# Each student's repository is two lines in the log: one before the push, one after it.
POINTS = (0, 1, 2, 4, 7)
INTERRUPTED = 130
LONGEST = 60


class Cohort:
    """A cohort on the disk, for the real program."""

    def __init__(self, folder: Path) -> None:
        """Write its files."""
        template = small_template(folder / "template", ("v1.0.0", "v1.1.0"))
        self.folder = folder / "cohort"
        self.folder.mkdir()
        folder_of_them = 'folder = "repositories"'
        text = COHORT.format(template=template, repositories=folder_of_them, seconds=LONGEST)
        (self.folder / "cohort.toml").write_text(text)
        rows = [f"{slug.title()},{slug}@example.org" for slug in STUDENTS]
        (self.folder / "roster.csv").write_text("\n".join(["name,email", *rows, ""]))

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """Begin a command, in a process group of its own as a terminal does it."""
        return subprocess.Popen(
            [sys.executable, "-m", "seedbed", *words, "--jobs", "2"],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
        )

    def run(self, *words: str) -> int:
        """Run a command to its end."""
        process = self.start(*words)
        output, errors = process.communicate(timeout=LONGEST)
        assert "Traceback" not in output + errors
        return process.returncode

    def end(self, point: int, number: signal.Signals, *words: str) -> tuple[int, str]:
        """Run a command, and end it by a signal once the log has so many lines.

        Returns:
            How it ended, and what it wrote.
        """
        before = self.lines()
        process = self.start(*words)
        until = time.monotonic() + LONGEST
        while self.lines() - before < point and process.poll() is None:
            assert time.monotonic() < until
            time.sleep(0.001)
        if number is signal.SIGINT:
            # A terminal sends it to all of the group.
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        output, errors = process.communicate(timeout=LONGEST)
        assert "Traceback" not in output + errors
        return process.returncode, output + errors

    def lines(self) -> int:
        """How many lines the log has."""
        log = self.folder / ".seedbed" / "log.jsonl"
        return log.read_bytes().count(b"\n") if log.exists() else 0

    def repositories(self) -> Mapping[str, Snapshot]:
        """Everything that students have."""
        folder = self.folder / "repositories"
        return {path.name: Snapshot.of(path) for path in sorted(folder.iterdir())}


@pytest.fixture
def cohort(tmp_path: Path) -> Cohort:
    """A cohort whose files are written, and no more."""
    return Cohort(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("point", POINTS)
def test_a_seeding_that_was_ended_is_completed_by_the_next(
    cohort: Cohort, point: int, number: signal.Signals
) -> None:
    code, _ = cohort.end(point, number, "seed")
    assert code in ends(point, number)
    # None that is there has less than its first commit, even before the next run.
    begun = cohort.folder / "repositories"
    assert all(len(Snapshot.of(path).commits) == 1 for path in begun.glob("[!.]*"))
    settled(cohort)
    assert cohort.run("seed") == 0
    after = cohort.repositories()
    assert list(after) == [f"{slug}.git" for slug in STUDENTS]
    assert all(list(each.refs) == ["refs/heads/main"] for each in after.values())
    assert all(len(each.commits) == 1 for each in after.values())


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("point", POINTS)
def test_an_update_that_was_ended_is_completed_by_the_next_and_nothing_is_lost(
    cohort: Cohort, tmp_path: Path, point: int, number: signal.Signals
) -> None:
    assert cohort.run("seed") == 0
    for slug in STUDENTS[::3]:
        work_and_push(cohort.folder / "repositories" / f"{slug}.git", tmp_path / slug)
    before = cohort.repositories()
    code, _ = cohort.end(point, number, "update")
    assert code in ends(point, number)
    settled(cohort)
    for name, snapshot in cohort.repositories().items():
        assert_nothing_lost(before[name], snapshot, ours=[UPDATE])
    assert cohort.run("update") == 0
    for name, snapshot in cohort.repositories().items():
        assert_nothing_lost(before[name], snapshot, ours=[UPDATE])
        assert snapshot.refs.keys() - before[name].refs.keys() == {UPDATE}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_who_ends_a_run_is_told_how_to_go_on(cohort: Cohort, number: signal.Signals) -> None:
    code, wrote = cohort.end(1, number, "seed")
    assert code == INTERRUPTED
    assert "Run the same command again" in wrote


def ends(point: int, number: signal.Signals) -> set[int]:
    """How a run may end that got a signal at some point; it may have been done just before."""
    if number is signal.SIGKILL:
        return {-number, 0}
    # Before Python has started, the signal is none of ours.
    return {INTERRUPTED, 0} | ({-number} if point == 0 else set())


def settled(cohort: Cohort) -> None:
    """Wait until calls of Git that outlived a killed run have ended: they finish what is begun."""
    until = time.monotonic() + LONGEST
    place = str(cohort.folder)
    while any(place in each for each in commands()):
        assert time.monotonic() < until
        time.sleep(0.01)


def commands() -> list[str]:
    """The command lines of all processes."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes().decode(errors="replace"))
        except OSError:
            continue
    return found
