"""The journal: what it keeps, and what it says when it cannot."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support import make_files, tree, unprivileged

from file_organizer.errors import ExitCode, FailedError
from file_organizer.journal import Direction, Journal, State
from file_organizer.organizer import list_runs, run_folder, undo_run
from file_organizer.places import Identity
from file_organizer.plan import Move, Plan
from file_organizer.rules import RuleBook

ODD = Identity(-(2**63), 2**63 - 1, 2**62, -1)


def a_plan(folder: str = "/somewhere") -> Plan:
    return Plan(
        folder=folder,
        moves=(
            Move("a.txt", "Docs", "a.txt", "Texts", ODD),
            Move("inv\udcffalid", "Döcs", "new\nline", "Texts", ODD),
        ),
        left=(),
        skipped=(),
        new_folders=("Docs", "D\udcffcs"),
        unmatched=0,
    )


def test_what_is_written_is_read_again(state: Path) -> None:
    with Journal.open(state) as journal:
        run = journal.begin(a_plan())
        journal.record_name(run, 0, "a (1).txt")
        journal.record_copy(run, 1, Direction.THERE, ODD)
        journal.record_copy(run, 1, Direction.BACK, ODD)
        journal.close(run, State.DONE, {1: "vanished"})
    with Journal.open(state) as journal:
        (found,) = journal.runs()
        records = journal.moves(found)
        assert sorted(journal.new_folders(found)) == ["Docs", "D\udcffcs"]
    assert (found.id, found.folder, found.state, found.token) == (
        1,
        "/somewhere",
        State.DONE,
        run.token,
    )
    assert (found.planned, found.left) == (2, 1)
    assert abs((datetime.now(UTC) - found.started).total_seconds()) < 60
    assert [record.move for record in records] == [
        Move("a.txt", "Docs", "a (1).txt", "Texts", ODD),
        a_plan().moves[1],
    ]
    assert [record.problem for record in records] == [None, "vanished"]
    assert records[1].copies == {Direction.THERE: ODD, Direction.BACK: ODD}


def test_only_unfinished_runs_of_the_same_folder_are_picked_up(state: Path) -> None:
    with Journal.open(state) as journal:
        first = journal.begin(a_plan())
        journal.begin(a_plan("/elsewhere"))
        third = journal.begin(a_plan())
        fourth = journal.begin(a_plan())
        journal.mark(third, State.UNDO_UNFINISHED)
        journal.close(fourth, State.DONE, {})
        assert [run.id for run in journal.unfinished("/somewhere")] == [first.id, third.id]


def test_temporary_names_differ_between_runs(state: Path) -> None:
    with Journal.open(state) as journal:
        names = {journal.begin(a_plan()).stage_name(number) for number in (0, 0, 1)}
    assert len(names) == 3


def test_a_transaction_that_fails_leaves_nothing(state: Path) -> None:
    class Interruption(BaseException):
        pass

    with Journal.open(state) as journal:
        transaction = journal._transaction()
        connection = transaction.__enter__()
        connection.execute("INSERT INTO runs VALUES (9, x'00', '', '', '')")
        assert not transaction.__exit__(Interruption, Interruption(), None)
        assert journal.runs() == []


def test_the_state_directory_is_private(state: Path) -> None:
    list_runs()
    assert state.stat().st_mode & 0o777 == 0o700


def damaged_message(state: Path) -> str:
    with pytest.raises(FailedError) as failed:
        list_runs()
    assert failed.value.exit_code is ExitCode.FAILED
    assert failed.value.hint.startswith("Move that file away to start a new one;")
    return failed.value.message.removeprefix(f"the journal {state / 'journal.sqlite3'} ")


def test_garbage_is_no_journal(state: Path) -> None:
    state.mkdir()
    (state / "journal.sqlite3").write_bytes(b"garbage" * 1000)
    assert damaged_message(state) == "is damaged: file is not a database"


def test_a_torn_journal_is_reported(state: Path, folder: Path, book: RuleBook) -> None:
    make_files(folder, *(f"{n}.txt" for n in range(200)))
    run_folder(folder, book)
    path = state / "journal.sqlite3"
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    assert damaged_message(state) == "is damaged: database disk image is malformed"


def test_a_journal_with_values_that_make_no_sense_is_reported(state: Path) -> None:
    with Journal.open(state) as journal:
        journal.begin(a_plan())
    with sqlite3.connect(state / "journal.sqlite3") as connection:
        connection.execute("UPDATE runs SET state = 'confused'")
    connection.close()
    assert damaged_message(state) == "is damaged: 'confused' is not a valid State"


def test_the_database_of_another_program_is_left_alone(state: Path) -> None:
    state.mkdir()
    with sqlite3.connect(state / "journal.sqlite3") as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    assert damaged_message(state) == "is damaged: it is another program's database"


def test_the_journal_of_a_newer_version_is_left_alone(state: Path) -> None:
    list_runs()
    with sqlite3.connect(state / "journal.sqlite3") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(FailedError, match="was written by another version of this program"):
        list_runs()


def test_a_journal_that_cannot_be_written_stops_a_run_before_its_first_move(
    open_folder: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    state, inbox = open_folder / "state", open_folder / "inbox"
    monkeypatch.setenv("ORGANIZE_STATE_DIR", str(state))
    list_runs()
    state.chmod(0o755)
    (state / "journal.sqlite3").chmod(0o444)
    state.chmod(0o555)
    make_files(inbox, "a.txt")
    inbox.chmod(0o777)
    with unprivileged(), pytest.raises(FailedError, match="cannot use the journal"):
        run_folder(inbox, book)
    assert tree(inbox) == {"a.txt": "content of a.txt"}


def test_a_state_directory_that_cannot_be_made_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ORGANIZE_STATE_DIR", str(tmp_path / "file" / "state"))
    with pytest.raises(FailedError) as failed:
        list_runs()
    assert failed.value.message == (
        f"cannot make the folder {tmp_path}/file/state for the journal: Not a directory"
    )
    assert failed.value.hint == "Set ORGANIZE_STATE_DIR to a folder that you may write to."


def test_a_disk_that_fills_up_during_the_run_leaves_a_run_that_can_be_undone(
    folder: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_files(folder, "a.txt", "b.txt")

    def full(*_arguments: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(Journal, "_set_state", staticmethod(full))
        with pytest.raises(FailedError, match="database or disk is full"):
            run_folder(folder, book)
    assert [run.state for run in list_runs()] == ["unfinished"]
    assert undo_run().left == ()
    assert tree(folder) == {"a.txt": "content of a.txt", "b.txt": "content of b.txt"}


def test_the_default_state_directory_is_the_systems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ORGANIZE_STATE_DIR")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg"))
    list_runs()
    assert [path.name for path in tmp_path.rglob("journal.sqlite3")] == ["journal.sqlite3"]
