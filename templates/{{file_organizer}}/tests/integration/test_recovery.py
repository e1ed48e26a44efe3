"""A run or an undo that is killed anywhere leaves each file exactly once, whole.

The child process is killed for real, with SIGKILL, before one line of the program after another.
A stride keeps this quick; `ORGANIZE_TEST_STRIDE=1 uv run pytest tests/integration/test_recovery.py`
tries every line.
"""

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from support import TEXTS_TO_DOCS, contents, killed_at, make_files, names, tree

from file_organizer import moves, recovery
from file_organizer.journal import Direction, Journal, State
from file_organizer.organizer import list_runs, run_folder, state_directory, undo_run
from file_organizer.places import Identity, Place
from file_organizer.recovery import Recovered
from file_organizer.rules import RuleBook, load_rules

STRIDE = int(os.environ.get("ORGANIZE_TEST_STRIDE", "67"))

RULES = TEXTS_TO_DOCS + '[[rules]]\nname = "L"\nmatch.glob = "l*"\ntarget = "Links/{stem}"\n'


@pytest.fixture(params=["rename", "link", "look", "copy"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """All ways in which a file may be moved, whatever file systems this machine has."""
    real = moves._rename_exclusively

    def unsupported(*_arguments: object) -> None:
        raise moves._UnsupportedError

    def between_file_systems(source: Place, name: str, target: Place, new_name: str) -> None:
        if source.path != target.path:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        real(source, name, target, new_name)

    way = str(request.param)
    if way in {"link", "look"}:
        monkeypatch.setattr(moves, "_rename_exclusively", unsupported)
    if way == "look":
        monkeypatch.setattr(moves, "_link_and_unlink", unsupported)
    if way == "copy":
        monkeypatch.setattr(moves, "_rename_exclusively", between_file_systems)
    return way


def messy_folder(folder: Path) -> None:
    make_files(folder, "a.txt", "b.txt", "other", "Docs/a.txt")
    (folder / "link").symlink_to("other")


Action = Callable[[Path, RuleBook], None]


def undone(_folder: Path, _book: RuleBook) -> None:
    for run in list_runs():
        if run.state is not State.UNDONE:
            undo_run(run.id)


def run_again(folder: Path, book: RuleBook) -> None:
    assert run_folder(folder, book).left == ()


ORGANIZED = ["Docs/a (1).txt", "Docs/a.txt", "Docs/b.txt", "Links/link/link", "other"]
ORIGINAL = ["Docs/a.txt", "a.txt", "b.txt", "link", "other"]


@dataclass
class Deaths:
    """Kills what is doomed at one line after another, each time in a new folder."""

    work: Path
    monkeypatch: pytest.MonkeyPatch

    def check(
        self, *, prepare: Action, doomed: Action, followup: Action, expected: list[str]
    ) -> None:
        """However early or late the death, what follows up finds and leaves all files."""
        path = self.work / "rules.toml"
        path.write_text(RULES)
        book = load_rules(path).book
        deaths = 0
        for point in count(1, STRIDE):
            folder = self.work / str(point)
            self.monkeypatch.setenv("ORGANIZE_STATE_DIR", str(self.work / f"state-{point}"))
            messy_folder(folder)
            before = contents(folder)
            prepare(folder, book)
            was_killed = killed_at(point, doomed, folder, book)
            followup(folder, book)
            assert names(folder) == expected, f"killed at line {point}"
            assert contents(folder) == before, f"killed at line {point}"
            if not was_killed:
                break
            deaths += 1
        assert deaths >= 5


@pytest.fixture
def deaths(in_memory: Path, monkeypatch: pytest.MonkeyPatch) -> Deaths:
    return Deaths(in_memory, monkeypatch)


def nothing(_folder: Path, _book: RuleBook) -> None:
    pass


def run(folder: Path, book: RuleBook) -> None:
    run_folder(folder, book)


def undo_last(_folder: Path, _book: RuleBook) -> None:
    undo_run()


@pytest.mark.usefixtures("way")
class TestKilled:
    """The same promise in four situations, for each way to move a file."""

    def test_a_killed_run_can_be_undone(self, deaths: Deaths) -> None:
        deaths.check(prepare=nothing, doomed=run, followup=undone, expected=ORIGINAL)

    def test_a_killed_run_can_be_run_again(self, deaths: Deaths) -> None:
        deaths.check(prepare=nothing, doomed=run, followup=run_again, expected=ORGANIZED)

    def test_a_killed_undo_can_be_undone_again(self, deaths: Deaths) -> None:
        deaths.check(prepare=run, doomed=undo_last, followup=undone, expected=ORIGINAL)

    def test_after_a_killed_undo_the_folder_can_be_organised(self, deaths: Deaths) -> None:
        deaths.check(prepare=run, doomed=undo_last, followup=run_again, expected=ORGANIZED)


def cut_off(folder: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that has made no move yet when it is cut off."""

    def die(*_arguments: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr("file_organizer.apply.move_file", die)
        with pytest.raises(SystemExit):
            run_folder(folder, book)


def stage_of(folder: Path, number: int) -> Path:
    return folder / "Docs" / list_runs()[0].stage_name(number)


def test_an_unfinished_copy_is_removed(
    folder: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_files(folder, "a.txt")
    cut_off(folder, book, monkeypatch)
    stage_of(folder, 0).write_text("cont")
    assert run_folder(folder, book).recovered == (Recovered(1, 0, 1, 0),)
    assert names(folder) == ["Docs/a.txt"]


def test_an_unfinished_copy_is_kept_if_it_is_all_there_is(
    folder: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_files(folder, "a.txt")
    cut_off(folder, book, monkeypatch)
    stage_of(folder, 0).write_text("cont")
    (folder / "a.txt").unlink()
    assert run_folder(folder, book).recovered == (Recovered(1, 0, 0, 1),)
    assert tree(folder) == {"Docs": "/", f"Docs/{stage_of(folder, 0).name}": "cont"}


def copied(folder: Path, name: str) -> None:
    """As a copy across file systems is left if its original was not removed yet."""
    original, copy = folder / name, folder / "Docs" / name
    copy.write_bytes(original.read_bytes())
    status = original.stat()
    os.utime(copy, ns=(status.st_atime_ns, status.st_mtime_ns))
    with Journal.open(state_directory()) as journal:
        number = [record.move.name for record in journal.moves(journal.run(None))].index(name)
        identity = Identity.of(copy.stat())
        journal.record_copy(journal.run(None), number, Direction.THERE, identity)


def test_an_original_whose_copy_is_in_place_is_removed(
    folder: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_files(folder, "a.txt")
    cut_off(folder, book, monkeypatch)
    copied(folder, "a.txt")
    assert run_folder(folder, book).recovered == (Recovered(1, 1, 0, 0),)
    assert names(folder) == ["Docs/a.txt"]


def test_an_original_that_was_edited_since_is_kept_beside_its_copy(
    folder: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_files(folder, "a.txt")
    cut_off(folder, book, monkeypatch)
    copied(folder, "a.txt")
    (folder / "a.txt").write_text("edited")
    run_folder(folder, book)
    assert tree(folder) == {
        "Docs": "/",
        "Docs/a.txt": "content of a.txt",
        "Docs/a (1).txt": "edited",
    }


def test_a_like_file_that_is_not_our_copy_is_not_taken_for_one(
    folder: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Same content, same time, but no record says that the run made it: both stay."""
    make_files(folder, "a.txt")
    cut_off(folder, book, monkeypatch)
    original, like = folder / "a.txt", folder / "Docs/a.txt"
    like.write_bytes(original.read_bytes())
    os.utime(like, ns=(original.stat().st_atime_ns, original.stat().st_mtime_ns))
    assert run_folder(folder, book).recovered == (Recovered(1, 0, 1, 0),)
    assert names(folder) == ["Docs/a (1).txt", "Docs/a.txt"]


def test_one_name_seen_through_two_mounts_is_not_removed(
    folder: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a folder is mounted into itself, source and target are one name: the only one."""
    make_files(folder, "a.txt")
    cut_off(folder, book, monkeypatch)
    (folder / "Docs").rmdir()
    mounted = Place.open(str(folder))
    try:
        with Journal.open(state_directory()) as journal, Place.open(str(folder)) as place:
            (record,) = journal.moves(journal.run(None))
            assert record.is_this(mounted.identify("a.txt"))
            where = recovery._settle(place, mounted, record, ".stage", Direction.THERE)
    finally:
        mounted.close()
    assert where is recovery.Where.SOURCE
    assert names(folder) == ["a.txt"]


def test_what_a_run_had_left_is_left_alone_when_its_undo_is_made_whole(
    folder: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_files(folder, "a.txt", "b.txt")
    real = moves.rename

    def rename(source: Place, name: str, target: Place, new_name: str) -> None:
        if name == "a.txt":
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
        real(source, name, target, new_name)

    with monkeypatch.context() as patched:
        patched.setattr(moves, "rename", rename)
        run_folder(folder, book)
    with Journal.open(state_directory()) as journal:
        journal.mark(journal.run(1), State.UNDO_UNFINISHED)
    result = run_folder(folder, book)
    assert result.recovered == (Recovered(run=1, moved=1, not_moved=0, missing=0),)
    assert names(folder) == ["Docs/a.txt", "Docs/b.txt"]


def test_a_drive_that_is_away_does_not_make_its_run_forgotten(
    folder: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_arguments: object) -> None:
        raise SystemExit

    make_files(folder, "a.txt", "b.txt")
    with monkeypatch.context() as patched:
        patched.setattr(Journal, "close", die)
        with pytest.raises(SystemExit):
            run_folder(folder, book)
    away = folder.with_name("away")
    folder.rename(away)
    folder.mkdir()
    assert run_folder(folder, book).recovered == (Recovered(1, 0, 0, 2),)
    folder.rmdir()
    away.rename(folder)
    assert undo_run(1).left == ()
    assert names(folder) == ["a.txt", "b.txt"]
