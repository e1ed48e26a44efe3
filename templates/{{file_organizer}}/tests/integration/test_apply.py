"""A whole run: what is done, what is left, and that one bad file stops nothing."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support import TEXTS_TO_DOCS, give_to_nobody, make_files, names, tree, unprivileged

from file_organizer import apply, in_use, moves, organizer
from file_organizer.organizer import list_runs, run_folder, undo_run
from file_organizer.places import Place
from file_organizer.plan import Left, Plan, Reason, make_plan
from file_organizer.recovery import Recovered
from file_organizer.rules import RuleBook, load_rules


@pytest.fixture
def after_plan(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Let something happen between the plan and the moves: a race, without a race."""

    def schedule(happening: Callable[[], object]) -> None:
        real = make_plan

        def plan_then_happen(folder: Place, book: RuleBook) -> Plan:
            result = real(folder, book)
            happening()
            return result

        monkeypatch.setattr(organizer, "make_plan", plan_then_happen)

    return schedule


Schedule = Callable[[Callable[[], object]], None]


def test_a_run_does_what_the_plan_says(folder: Path, book: RuleBook) -> None:
    make_files(folder, "a.txt", "b.pdf", "Docs/a.txt")
    result = run_folder(folder, book)
    assert tree(folder) == {
        "Docs": "/",
        "Docs/a.txt": "content of Docs/a.txt",
        "Docs/a (1).txt": "content of a.txt",
        "b.pdf": "content of b.pdf",
    }
    assert [move.target for move in result.moved] == ["Docs/a (1).txt"]
    assert (result.run, result.left, result.not_reached, result.unmatched) == (1, (), 0, 1)


def test_a_second_run_finds_nothing_to_do_and_leaves_no_entry(folder: Path, book: RuleBook) -> None:
    make_files(folder, "a.txt")
    run_folder(folder, book)
    assert run_folder(folder, book).run is None
    assert [run.id for run in list_runs()] == [1]


def test_a_name_that_is_taken_after_the_plan_gets_a_number(
    folder: Path, book: RuleBook, after_plan: Schedule
) -> None:
    make_files(folder, "a.txt", "b.txt", "a (2).txt")
    after_plan(lambda: make_files(folder, "Docs/A.txt", "Docs/a.txt", "Docs/a (1).txt"))
    result = run_folder(folder, book)
    assert names(folder) == [
        "Docs/A.txt",
        "Docs/a (1).txt",
        "Docs/a (2).txt",
        "Docs/a (3).txt",
        "Docs/a.txt",
        "Docs/b.txt",
    ]
    assert result.left == ()
    undo_run()
    assert names(folder) == [
        "Docs/A.txt",
        "Docs/a (1).txt",
        "Docs/a.txt",
        "a (2).txt",
        "a.txt",
        "b.txt",
    ]


def test_a_file_system_that_finds_names_equal_for_its_own_reasons_ends_no_run(
    folder: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its rules may be others than ours: then the folder's listing never shows the name."""
    refused = {"a.txt", "a (1).txt"}
    real = moves.rename

    def rename(source: Place, name: str, target: Place, new_name: str) -> None:
        if new_name in refused:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        real(source, name, target, new_name)

    monkeypatch.setattr(moves, "rename", rename)
    make_files(folder, "a.txt")
    run_folder(folder, book)
    assert names(folder) == ["Docs/a (2).txt"]


def test_a_file_that_vanishes_after_the_plan_is_reported(
    folder: Path, book: RuleBook, after_plan: Schedule
) -> None:
    make_files(folder, "a.txt", "b.txt")
    after_plan((folder / "a.txt").unlink)
    result = run_folder(folder, book)
    assert result.left == (Left("a.txt", Reason.VANISHED, "vanished before it could be moved"),)
    assert names(folder) == ["Docs/b.txt"]


def test_a_file_that_vanishes_at_the_last_moment_is_reported(
    folder: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_files(folder, "a.txt", "b.txt")
    real = moves.rename

    def rename(source: Place, name: str, target: Place, new_name: str) -> None:
        if name == "a.txt":
            (folder / "a.txt").unlink()
        real(source, name, target, new_name)

    monkeypatch.setattr(moves, "rename", rename)
    result = run_folder(folder, book)
    assert result.left == (Left("a.txt", Reason.VANISHED, "vanished while it was being moved"),)
    assert names(folder) == ["Docs/b.txt"]


def test_a_target_that_vanishes_at_the_last_moment_is_reported(
    folder: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_files(folder, "a.txt")
    real = moves.rename

    def rename(source: Place, name: str, target: Place, new_name: str) -> None:
        (folder / "Docs").rmdir()
        real(source, name, target, new_name)

    monkeypatch.setattr(moves, "rename", rename)
    result = run_folder(folder, book)
    assert result.left == (Left("a.txt", Reason.BLOCKED_TARGET, "the folder Docs vanished"),)
    assert names(folder) == ["a.txt"]


def test_a_file_that_changes_during_its_copy_is_left(
    folder: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def changed(*_arguments: object) -> None:
        raise moves.ChangedError

    make_files(folder, "a.txt")
    monkeypatch.setattr(moves, "rename", changed)
    result = run_folder(folder, book)
    assert result.left == (Left("a.txt", Reason.CHANGED, "changed while it was being copied"),)


def test_a_file_that_changes_after_the_plan_is_left(
    folder: Path, book: RuleBook, after_plan: Schedule
) -> None:
    make_files(folder, "a.txt", "b.txt")
    after_plan(lambda: (folder / "a.txt").write_text("another length"))
    result = run_folder(folder, book)
    assert result.left == (Left("a.txt", Reason.CHANGED, "changed since the plan was made"),)
    assert names(folder) == ["Docs/b.txt", "a.txt"]


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda path: path.symlink_to("elsewhere"), "Docs: Docs is a symbolic link"),
        (lambda path: path.write_text("x"), "Docs: Docs is not a folder"),
    ],
)
def test_a_link_that_takes_the_targets_place_after_the_plan_is_not_followed(
    folder: Path, book: RuleBook, after_plan: Schedule, make: Callable[[Path], object], why: str
) -> None:
    make_files(folder, "a.txt", "b.txt", "elsewhere/x")
    after_plan(lambda: make(folder / "Docs"))
    result = run_folder(folder, book)
    assert result.left == tuple(
        Left(name, Reason.BLOCKED_TARGET, why) for name in ("a.txt", "b.txt")
    )
    assert set(names(folder)) - {"Docs"} == {"a.txt", "b.txt", "elsewhere/x"}


def test_a_target_that_is_swapped_for_a_link_during_the_moves_is_not_written_through(
    folder: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is held open: whatever its path comes to mean, files go to that folder."""
    make_files(folder, "a.txt", "b.txt", "elsewhere/x")
    real = moves.rename

    def rename(source: Place, name: str, target: Place, new_name: str) -> None:
        if name == "b.txt":
            (folder / "Docs").rename(folder / "Moved")
            (folder / "Docs").symlink_to("elsewhere")
        real(source, name, target, new_name)

    monkeypatch.setattr(moves, "rename", rename)
    run_folder(folder, book)
    assert names(folder) == ["Docs", "Moved/a.txt", "Moved/b.txt", "elsewhere/x"]


def test_without_permission_all_is_reported_and_nothing_moved(
    open_folder: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox, state = open_folder / "inbox", open_folder / "state"
    make_files(inbox, "a.txt", "b.txt", "Docs/x")
    give_to_nobody(open_folder, inbox, inbox / "Docs", inbox / "a.txt", inbox / "b.txt")
    monkeypatch.setenv("ORGANIZE_STATE_DIR", str(state))
    inbox.chmod(0o555)
    with unprivileged():
        result = run_folder(inbox, book)
    assert result.left == tuple(
        Left(name, Reason.NO_PERMISSION, "Permission denied") for name in ("a.txt", "b.txt")
    )
    assert names(inbox) == ["Docs/x", "a.txt", "b.txt"]


def test_a_target_that_may_not_be_made_is_reported(
    open_folder: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = open_folder / "inbox"
    make_files(inbox, "a.txt")
    give_to_nobody(open_folder, inbox, inbox / "a.txt")
    monkeypatch.setenv("ORGANIZE_STATE_DIR", str(open_folder / "state"))
    inbox.chmod(0o555)
    with unprivileged():
        result = run_folder(inbox, book)
    assert result.left == (Left("a.txt", Reason.NO_PERMISSION, "Docs: Permission denied"),)


def test_a_target_that_is_removed_while_it_is_made_is_reported(
    folder: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_files(folder, "a.txt")
    real = os.mkdir

    def mkdir(*arguments: object, **options: object) -> None:
        real(*arguments, **options)  # type: ignore[arg-type]  # passed on as they came
        (folder / "Docs").rmdir()

    monkeypatch.setattr("file_organizer.places.os.mkdir", mkdir)
    result = run_folder(folder, book)
    assert result.left == (Left("a.txt", Reason.FAILED, "Docs: No such file or directory"),)


def test_a_file_that_a_program_writes_to_is_left(folder: Path, book: RuleBook) -> None:
    make_files(folder, "a.txt", "b.txt", "c.txt")
    program = "import sys; files = [open(n, m) for n, m in zip(sys.argv[1::2], sys.argv[2::2])]"
    program += "; print('open', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", program, f"{folder}/a.txt", "a", f"{folder}/b.txt", "r"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "open\n"
        result = run_folder(folder, book)
        writer.communicate()
    assert result.left == (Left("a.txt", Reason.IN_USE, "a program has it open for writing"),)
    assert names(folder) == ["Docs/b.txt", "Docs/c.txt", "a.txt"]


def test_without_proc_no_file_is_known_to_be_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_use, "_PROCESSES", tmp_path / "missing")
    assert in_use.open_for_writing() == frozenset()


def test_processes_that_end_or_are_not_ours_are_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_use, "_PROCESSES", tmp_path)
    (tmp_path / "1").mkdir()  # no `fd` to read
    (tmp_path / "2/fd").mkdir(parents=True)
    (tmp_path / "2/fd/3").symlink_to("gone")
    (tmp_path / "2/fd/4").write_text("")  # no `fdinfo`
    (tmp_path / "2/fd/5").write_text("")
    (tmp_path / "2/fdinfo").mkdir()
    (tmp_path / "2/fdinfo/5").write_text("pos:\t0\n")  # no flags
    assert in_use.open_for_writing() == frozenset()


@contextmanager
def stop_after(asked: int) -> Iterator[Callable[[], bool]]:
    counter = iter(range(asked))
    yield lambda: next(counter, None) is None


def test_a_stop_finishes_the_move_in_hand_and_the_next_run_goes_on(
    folder: Path, book: RuleBook
) -> None:
    make_files(folder, *(f"{n}.txt" for n in range(9)))
    result = run_folder(folder, book, hold=lambda: stop_after(4))
    assert (len(result.moved), result.not_reached, result.left) == (3, 6, ())
    assert [(run.state, run.planned, run.left) for run in list_runs()] == [("interrupted", 9, 6)]
    again = run_folder(folder, book)
    assert (len(again.moved), again.recovered) == (6, ())
    undo_run(2)
    undo_run(1)
    assert names(folder) == [f"{n}.txt" for n in range(9)]


def test_a_stop_between_two_folders_starts_no_new_one(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "two.toml"
    path.write_text(TEXTS_TO_DOCS.replace("Docs", "{stem}"))
    make_files(folder, "a.txt", "b.txt")
    result = run_folder(folder, load_rules(path).book, hold=lambda: stop_after(2))
    assert (len(result.moved), result.not_reached) == (1, 1)
    assert names(folder) == ["a/a.txt", "b.txt"]


def test_a_stop_gives_up_a_copy_that_is_going_on(
    folder: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rename(*_arguments: object) -> None:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    monkeypatch.setattr(moves, "rename", rename)
    make_files(folder, "a.txt", "b.txt")
    result = run_folder(folder, book, hold=lambda: stop_after(2))
    assert (result.moved, result.not_reached) == ((), 2)
    assert names(folder) == ["a.txt", "b.txt"]


def test_progress_is_reported_now_and_then(
    folder: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apply, "REPORT_EVERY", 2)
    make_files(folder, *(f"{n}.txt" for n in range(5)))
    reported: list[tuple[int, int]] = []
    run_folder(folder, book, report=lambda done, total: reported.append((done, total)))
    assert reported == [(0, 5), (2, 5), (4, 5)]


def test_an_earlier_run_that_was_never_closed_is_reported(
    folder: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_files(folder, "a.txt", "b.txt")

    def die(*_arguments: object, **_options: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(organizer, "apply", die)
        with pytest.raises(SystemExit):
            run_folder(folder, book)
    result = run_folder(folder, book)
    assert result.recovered == (Recovered(run=1, moved=0, not_moved=2, missing=0),)
    assert (result.run, len(result.moved)) == (2, 2)
