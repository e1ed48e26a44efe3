"""Work for worker processes that does as the student's name says, and a program that runs it."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from seedbed import running
from seedbed.model import Outcome, Result, SeedbedError, Student
from seedbed.terminal import note, show

REPOSITORY = Path(__file__).parents[2]
MARK = "SEEDBED_TEST"
"""A variable that marks a program and all that it starts."""
PATIENCE = 60.0
"""Seconds after which a test gives up; none needs that long."""


def student(slug: str) -> Student:
    """A student with nothing but a name."""
    return Student(slug, slug.title(), (f"{slug}@example.org",), None, (1,), {})


def until(condition: Callable[[], Any]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.01)


def marked(mark: str) -> list[psutil.Process]:
    """All living processes that a program with this mark has started, and itself."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == mark and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


@dataclass(frozen=True)
class Working:
    """Does for a student what the name says; a folder shows how far it is.

    Attributes:
        folder: Has `NAME.tries` with a line for each time that a student was begun, and is where
            those who wait look for a file `go`.
    """

    folder: Path

    def __call__(self, student: Student) -> Any:
        """Do it."""
        what = student.slug.partition("-")[0]
        with (self.folder / f"{student.slug}.tries").open("a") as file:
            file.write(f"{os.getpid()}\n")
        getattr(self, f"_{what}", lambda: None)()
        return Outcome(student.slug, Result.DONE, f"done by {os.getpid()}")

    def tries(self, slug: str) -> int:
        """How often a student was begun."""
        file = self.folder / f"{slug}.tries"
        return len(file.read_text().splitlines()) if file.exists() else 0

    def begun(self) -> set[str]:
        """All who were begun."""
        return {path.stem for path in self.folder.glob("*.tries")}

    def processes(self) -> set[int]:
        """By which processes students were begun."""
        files = self.folder.glob("*.tries")
        return {int(line) for file in files for line in file.read_text().splitlines()}

    def go(self) -> None:
        """Let those go on who wait."""
        (self.folder / "go").touch()

    def _waits(self) -> None:
        until((self.folder / "go").exists)

    def _fails(self) -> None:
        raise SeedbedError("the server is on fire: put it out")

    def _needs(self) -> None:
        # Called as a temporary folder might be.
        (self.folder / "seedbed-students").touch()
        (self.folder / "seedbed-students" / "ada.git").mkdir()

    def _lacks(self) -> None:
        with tempfile.TemporaryDirectory(dir=self.folder, prefix="scratch-") as scratch:
            Path(scratch, "refs", "heads").mkdir()

    def _breaks(self) -> None:
        raise LookupError("https://ada:secret@example.org/x.git")

    def _exits(self) -> None:
        sys.exit(3)

    def _dies(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def _once(self) -> None:
        if not (self.folder / "died").exists():
            (self.folder / "died").touch()
            os.kill(os.getpid(), signal.SIGKILL)

    def _leaves(self) -> None:
        os._exit(7)

    def _starts(self) -> None:
        """Start something in a session of its own, as Git is, and wait for it."""
        with tempfile.TemporaryDirectory(dir=self.folder, prefix="scratch-"):
            command = [sys.executable, "-c", "import time; time.sleep(600)"]
            child = subprocess.Popen(command, start_new_session=True)
            (self.folder / "child").write_text(str(child.pid))
            child.wait()

    def _stubborn(self) -> None:
        """Start something, and do not listen to anything that asks it to stop."""
        subprocess.Popen(["sleep", "600"], start_new_session=True)
        (self.folder / "child").touch()
        while True:
            try:
                threading.Event().wait()
            except BaseException:  # noqa: BLE001 - what is tested
                continue

    def _asks(self) -> None:
        """Ask a child how it takes signals."""
        code = (
            "import signal; print([signal.getsignal(n) for n in (2, 15)],"
            " signal.pthread_sigmask(signal.SIG_BLOCK, []))"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
        (self.folder / "signals").write_bytes(done.stdout)


def main() -> int:
    """`python -m tests.cohort.working FOLDER JOBS SLUG...`: run students, say what came."""
    folder, jobs, *slugs = sys.argv[1:]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # A shell that starts us in the background has them ignored.
        signal.signal(number, signal.default_int_handler)
    done = running.run(
        [student(slug) for slug in slugs],
        Working(Path(folder)),
        jobs=int(jobs),
        bugs=Path(folder),
        stopping=lambda busy: note(f"stopping, {busy} in flight"),
    )
    for result in done.results:
        show(f"{result.slug}: {result.result}")
    show(f"left: {done.left}")
    return 130 if done.interrupted else 0


if __name__ == "__main__":
    sys.exit(main())
