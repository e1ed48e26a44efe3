"""One run at a time on one folder."""

import errno
import fcntl
import os
import subprocess
from pathlib import Path

import pytest
from support import make_files, names, patched_command, run_process

from file_organizer import locking
from file_organizer.errors import BusyError, FailedError, UsageError
from file_organizer.locking import locked
from file_organizer.organizer import run_folder, undo_run
from file_organizer.places import Place
from file_organizer.rules import RuleBook


def test_a_locked_folder_is_refused_and_then_free_again(
    folder: Path, book: RuleBook, state: Path
) -> None:
    make_files(folder, "a.txt")
    refused = pytest.raises(BusyError, match=f"another organize is at work in {folder}")
    with Place.open(str(folder)) as place, locked(place, state), refused:
        run_folder(folder, book)
    assert len(run_folder(folder, book).moved) == 1
    with Place.open(str(folder)) as place, locked(place, state), pytest.raises(BusyError):
        undo_run()
    assert len(undo_run().put_back) == 1


def test_another_folder_is_free(folder: Path, tmp_path: Path, book: RuleBook, state: Path) -> None:
    make_files(tmp_path / "other", "a.txt")
    with Place.open(str(folder)) as place, locked(place, state):
        assert len(run_folder(tmp_path / "other", book).moved) == 1


def test_where_folders_cannot_be_locked_a_file_stands_in(
    folder: Path, tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lock_by_file(_folder: Place) -> bool:
        return False

    monkeypatch.setattr("file_organizer.locking._lock_folder", lock_by_file)
    with Place.open(str(folder)) as one, Place.open(str(folder)) as two, locked(one, state):
        with pytest.raises(BusyError), locked(two, state):
            pass
        with Place.open(str(tmp_path)) as other, locked(other, state):
            pass
    with Place.open(str(folder)) as place, locked(place, state):
        pass


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EBADF, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_is_recognised(
    folder: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(_descriptor: int, _operation: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with Place.open(str(folder)) as place:
        assert not locking._lock_folder(place)


def test_an_error_that_is_not_about_locks_is_not_hidden(
    folder: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(fcntl, "flock", fail)
    failed = pytest.raises(OSError, match="Input/output error")
    with Place.open(str(folder)) as place, failed, locked(place, state):
        pass


def test_a_lock_file_that_cannot_be_made_is_reported(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("file_organizer.locking._lock_folder", lambda _folder: False)
    (tmp_path / "file").write_text("")
    failed = pytest.raises(FailedError, match="cannot make a lock file in")
    with Place.open(str(folder)) as place, failed, locked(place, tmp_path / "file" / "state"):
        pass


def test_the_second_of_two_processes_is_refused(folder: Path, rules_file: Path) -> None:
    """The first is held in the middle of its moves until the second has had its answer."""
    make_files(folder, "a.txt", "b.txt", "c.txt")
    patch = """
        from file_organizer import moves
        real = moves.rename
        def rename(source, name, target, new_name):
            if name == "b.txt":
                print("in the middle", flush=True)
                sys.stdin.readline()
            real(source, name, target, new_name)
        moves.rename = rename
    """
    command = patched_command(patch, "run", folder, "--rules", rules_file)
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "in the middle\n"
        for arguments in (("run", folder, "--rules", rules_file), ("undo",)):
            second = run_process(*arguments)
            assert (second.returncode, second.stdout) == (4, "")
            assert second.stderr == (
                f"error: another organize is at work in {folder}\n"
                "hint: Wait until it has ended and give the command again."
                " Nothing was changed.\n"
            )
        first.communicate("go on\n")
    assert first.returncode == 0
    assert names(folder) == ["Docs/a.txt", "Docs/b.txt", "Docs/c.txt"]


def test_the_folder_of_the_journal_is_not_organised(
    folder: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORGANIZE_STATE_DIR", str(folder))
    with pytest.raises(UsageError, match="is where this program keeps its own journal"):
        run_folder(folder, book)
