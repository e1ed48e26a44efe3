import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import NOBODY, TEXTS_TO_DOCS, Organize, Result

from file_organizer.cli import main
from file_organizer.rules import RuleBook, load_rules


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A journal of its own for each test; nobody's real one is touched."""
    directory = tmp_path / "state"
    monkeypatch.setenv("ORGANIZE_STATE_DIR", str(directory))
    monkeypatch.delenv("ORGANIZE_RULES", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    for variable in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(variable, raising=False)
    return directory


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder to organise."""
    path = tmp_path / "folder"
    path.mkdir()
    return path


@pytest.fixture
def rules_file(tmp_path: Path) -> Path:
    """Rules that send *.txt to Docs."""
    path = tmp_path / "rules.toml"
    path.write_text(TEXTS_TO_DOCS)
    return path


@pytest.fixture
def book(rules_file: Path) -> RuleBook:
    """The same rules, loaded."""
    return load_rules(rules_file).book


@pytest.fixture(autouse=True)
def signals_as_usual() -> Iterator[None]:
    """Signals as a shell gives them to a command, here and in child processes.

    A shell lets what it runs in the background ignore Ctrl-C, and the program respects that. The
    tests must not depend on how they were started, and pytest wants its own handlers back.
    """
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    kept = {number: signal.getsignal(number) for number in numbers}
    for number in numbers:
        signal.signal(number, signal.SIG_DFL)
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.fixture
def organize(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Organize:
    """The whole program, in this process: `organize("plan", folder)`."""

    def call(*arguments: object) -> Result:
        monkeypatch.setattr(sys, "argv", ["organize", *map(str, arguments)])
        capsys.readouterr()
        code = main()
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return call


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user can reach, unlike `tmp_path`; nobody's own where we are root."""
    path = Path(tempfile.mkdtemp(prefix="organize-test-"))
    path.chmod(0o755)
    if os.geteuid() == 0:
        os.chown(path, NOBODY, NOBODY)
    yield path
    for below in path.rglob("*"):
        if below.is_dir() and not below.is_symlink():
            below.chmod(0o755)
    shutil.rmtree(path)


MEMORY = Path("/dev/shm")


@pytest.fixture
def in_memory(tmp_path: Path) -> Iterator[Path]:
    """A folder for tests that write to the disk very often: in memory, where that is possible."""
    if not MEMORY.is_dir():
        yield tmp_path
        return
    path = Path(tempfile.mkdtemp(prefix="organize-test-", dir=MEMORY))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def other_file_system(tmp_path: Path, in_memory: Path) -> Path | None:
    """A folder on another file system than `tmp_path`, or None if this machine has only one."""
    return None if in_memory.stat().st_dev == tmp_path.stat().st_dev else in_memory
