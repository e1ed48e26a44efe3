"""Taking a run back."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support import TEXTS_TO_DOCS, make_files, names, tree

from file_organizer import moves, undo
from file_organizer.errors import UsageError
from file_organizer.organizer import list_runs, run_folder, undo_run
from file_organizer.places import Place
from file_organizer.plan import Left, Reason
from file_organizer.rules import RuleBook, load_rules


def states() -> list[str]:
    return [run.state for run in list_runs()]


def test_undo_puts_all_back_and_removes_the_folders_that_the_run_made(
    folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "deep.toml"
    path.write_text(TEXTS_TO_DOCS.replace("Docs", "Old/{stem}/{ext}"))
    make_files(folder, "a.txt", "b.txt", "Old/b/x", "c.pdf")
    before = tree(folder)
    run_folder(folder, load_rules(path).book)
    assert names(folder) == ["Old/a/txt/a.txt", "Old/b/txt/b.txt", "Old/b/x", "c.pdf"]
    result = undo_run()
    assert tree(folder) == before
    assert (result.run, len(result.put_back), result.left, result.stopped) == (1, 2, (), False)
    assert states() == ["undone"]


def test_a_folder_that_is_not_empty_any_more_stays(folder: Path, book: RuleBook) -> None:
    make_files(folder, "a.txt")
    run_folder(folder, book)
    make_files(folder, "Docs/mine")
    undo_run()
    assert names(folder) == ["Docs/mine", "a.txt"]


def test_a_place_that_is_taken_again_is_not_overwritten(folder: Path, book: RuleBook) -> None:
    make_files(folder, "a.txt", "b.txt")
    run_folder(folder, book)
    (folder / "a.txt").write_text("new")
    result = undo_run()
    assert result.left == (Left("Docs/a.txt", Reason.PLACE_TAKEN, "there is another a.txt by now"),)
    assert tree(folder) == {
        "a.txt": "new",
        "b.txt": "content of b.txt",
        "Docs": "/",
        "Docs/a.txt": "content of a.txt",
    }
    assert states() == ["partly-undone"]
    (folder / "a.txt").unlink()
    assert undo_run().left == ()
    assert names(folder) == ["a.txt", "b.txt"]
    assert states() == ["undone"]


def test_a_file_that_is_gone_is_reported(folder: Path, book: RuleBook) -> None:
    make_files(folder, "a.txt", "b.txt")
    run_folder(folder, book)
    (folder / "Docs/a.txt").unlink()
    result = undo_run()
    assert result.left == (Left("Docs/a.txt", Reason.VANISHED, "no longer where the run put it"),)
    assert names(folder) == ["b.txt"]


def test_another_file_in_its_place_is_not_moved(folder: Path, book: RuleBook) -> None:
    make_files(folder, "a.txt")
    run_folder(folder, book)
    (folder / "new").write_text("of another length")
    (folder / "new").replace(folder / "Docs/a.txt")
    result = undo_run()
    why = "another file has taken its place since the run"
    assert result.left == (Left("Docs/a.txt", Reason.CHANGED, why),)
    assert names(folder) == ["Docs/a.txt"]


def test_a_file_that_was_edited_in_place_is_still_the_file(folder: Path, book: RuleBook) -> None:
    make_files(folder, "a.txt")
    run_folder(folder, book)
    (folder / "Docs/a.txt").write_text("edited")
    assert undo_run().left == ()
    assert tree(folder) == {"a.txt": "edited"}


def test_a_file_is_known_again_though_numbers_of_devices_and_inodes_change(
    folder: Path, book: RuleBook
) -> None:
    """As after restoring a backup, or on file systems that number anew at each start."""
    make_files(folder, "a.txt")
    run_folder(folder, book)
    path = folder / "Docs/a.txt"
    status = path.stat()
    content = path.read_bytes()
    (folder / "copy").write_bytes(content)
    os.utime(folder / "copy", ns=(status.st_atime_ns, status.st_mtime_ns))
    (folder / "copy").replace(path)
    assert undo_run().left == ()
    assert names(folder) == ["a.txt"]


def test_a_target_folder_that_is_a_link_by_now_is_not_read_through(
    folder: Path, book: RuleBook
) -> None:
    make_files(folder, "a.txt")
    run_folder(folder, book)
    (folder / "Docs").rename(folder / "Elsewhere")
    (folder / "Docs").symlink_to("Elsewhere")
    result = undo_run()
    assert result.left == (Left("Docs/a.txt", Reason.VANISHED, "no longer where the run put it"),)
    assert names(folder) == ["Docs", "Elsewhere/a.txt"]


def test_a_file_that_somebody_put_back_already_is_fine(folder: Path, book: RuleBook) -> None:
    make_files(folder, "a.txt", "b.txt")
    run_folder(folder, book)
    (folder / "Docs/a.txt").rename(folder / "a.txt")
    result = undo_run()
    assert ([move.source for move in result.put_back], result.left) == (["b.txt"], ())
    assert states() == ["undone"]


def test_a_file_in_use_is_left(
    folder: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_files(folder, "a.txt", "b.txt")
    run_folder(folder, book)
    status = (folder / "Docs/a.txt").stat()
    written = frozenset({(status.st_dev, status.st_ino)})
    monkeypatch.setattr(undo, "open_for_writing", lambda: written)
    result = undo_run()
    why = "a program has it open for writing"
    assert result.left == (Left("Docs/a.txt", Reason.IN_USE, why),)


@pytest.mark.parametrize(
    ("error", "left"),
    [
        (
            OSError(errno.EIO, os.strerror(errno.EIO)),
            (Left("Docs/a.txt", Reason.FAILED, "Input/output error"),),
        ),
        (
            moves.ChangedError(),
            (Left("Docs/a.txt", Reason.CHANGED, "changed while it was being copied"),),
        ),
    ],
)
def test_one_file_that_cannot_be_moved_stops_nothing(
    folder: Path,
    book: RuleBook,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    left: tuple[Left, ...],
) -> None:
    make_files(folder, "a.txt", "b.txt")
    run_folder(folder, book)
    real = moves.rename

    def rename(source: Place, name: str, target: Place, new_name: str) -> None:
        if name == "a.txt":
            raise error
        real(source, name, target, new_name)

    monkeypatch.setattr(moves, "rename", rename)
    assert undo_run().left == left
    assert names(folder) == ["Docs/a.txt", "b.txt"]


@contextmanager
def stop_after(asked: int) -> Iterator[Callable[[], bool]]:
    counter = iter(range(asked))
    yield lambda: next(counter, None) is None


def test_a_stopped_undo_can_go_on(folder: Path, book: RuleBook) -> None:
    make_files(folder, *(f"{n}.txt" for n in range(5)))
    run_folder(folder, book)
    result = undo_run(hold=lambda: stop_after(2))
    assert (len(result.put_back), result.stopped) == (2, True)
    assert states() == ["partly-undone"]
    result = undo_run()
    assert (len(result.put_back), result.stopped) == (3, False)
    assert states() == ["undone"]


def test_any_run_can_be_undone_by_its_number(folder: Path, book: RuleBook) -> None:
    make_files(folder, "a.txt")
    run_folder(folder, book)
    make_files(folder, "b.txt")
    run_folder(folder, book)
    undo_run(1)
    assert names(folder) == ["Docs/b.txt", "a.txt"]
    assert states() == ["done", "undone"]
    undo_run(2)
    assert names(folder) == ["a.txt", "b.txt"]


@pytest.mark.parametrize("number", [None, 1])
def test_an_undone_run_is_not_undone_again(
    folder: Path, book: RuleBook, number: int | None
) -> None:
    make_files(folder, "a.txt")
    run_folder(folder, book)
    undo_run()
    with pytest.raises(UsageError, match="run 1 has been undone already"):
        undo_run(number)


def test_there_must_be_a_run_to_undo(folder: Path, book: RuleBook) -> None:
    with pytest.raises(UsageError, match="there is no run to undo"):
        undo_run()
    make_files(folder, "a.txt")
    run_folder(folder, book)
    with pytest.raises(UsageError, match="there is no run 7"):
        undo_run(7)


def test_a_folder_that_is_gone_cannot_be_put_in_order(folder: Path, book: RuleBook) -> None:
    make_files(folder, "a.txt")
    run_folder(folder, book)
    folder.rename(folder.with_name("renamed"))
    with pytest.raises(UsageError, match=f"there is no folder {folder}"):
        undo_run()


def test_what_a_run_could_not_move_is_no_concern_of_its_undo(
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
        assert len(run_folder(folder, book).left) == 1
    (folder / "a.txt").unlink()
    assert undo_run().left == ()
    assert names(folder) == ["b.txt"]
