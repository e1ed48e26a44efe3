"""One seedbed at a time for a cohort, and no lock outlives its holder."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from seedbed.lock import held
from seedbed.model import SeedbedError

HOLDER = """
import subprocess, sys, time
from pathlib import Path
from seedbed.lock import held

with held(Path(sys.argv[1])):
    child = subprocess.Popen(["sleep", "600"], stdout=subprocess.DEVNULL)
    print(child.pid, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".seedbed" / "lock"


@pytest.fixture
def holder(path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock until its input ends, with a child that lives on."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    child = int(process.stdout.readline())
    yield process
    process.kill()
    process.communicate()
    os.kill(child, signal.SIGKILL)


def test_while_one_holds_the_lock_another_is_told_who_and_what_to_do(
    path: Path, holder: subprocess.Popen[str]
) -> None:
    with pytest.raises(SeedbedError) as error, held(path):
        pytest.fail("two at once")

    assert str(error.value) == (
        f"Another seedbed is at work on this cohort (process {holder.pid}). Wait until it has"
        " ended, or bring it back with `fg` if it is suspended, and run the same command again."
        " Nothing was changed."
    )


def test_a_holder_that_ends_lets_go(path: Path, holder: subprocess.Popen[str]) -> None:
    holder.communicate("")
    with held(path):
        assert path.read_text() == f"{os.getpid()}\n"
    assert path.read_text() == ""


def test_a_holder_that_is_killed_lets_go_whatever_it_has_started(
    path: Path, holder: subprocess.Popen[str]
) -> None:
    holder.kill()
    holder.wait()
    with held(path):
        assert path.read_text() == f"{os.getpid()}\n"


def test_an_error_in_the_block_lets_go(path: Path) -> None:
    with pytest.raises(LookupError), held(path):
        raise LookupError
    with held(path):
        assert path.read_text() == f"{os.getpid()}\n"


def test_a_holder_that_has_not_yet_said_who_it_is_is_told_as_such(path: Path) -> None:
    with held(path):
        path.write_text("")
        with pytest.raises(SeedbedError, match=r"\(a process that has just begun\)"), held(path):
            pytest.fail("two at once")


def test_a_folder_that_cannot_be_made_is_an_error_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / ".seedbed").touch()
    with pytest.raises(SeedbedError) as error, held(tmp_path / ".seedbed" / "lock"):
        pytest.fail("there is no lock")

    assert str(error.value) == (
        f"File exists: {tmp_path}/.seedbed. Put this right, and run the same command again."
    )
