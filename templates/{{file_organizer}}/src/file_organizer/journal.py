"""The journal: what each run set out to do, written down before it does it.

The journal says what was intended, the folder says what has happened. All moves of a run are
written in one transaction before the first, and nothing is written for a move that goes as
planned: whoever picks up after a crash looks where each file is. Only what is decided later (a
new name, a copy) is written when it is decided, always before the step it describes.
"""

import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Self

from file_organizer.errors import FailedError, UsageError
from file_organizer.places import Identity
from file_organizer.plan import Move, Plan

FILE_NAME = "journal.sqlite3"

_APPLICATION_ID = 0x4F524741  # "ORGA" in the file's header: this database is ours
_VERSION = 1

# File names are bytes: on Linux they need not be valid text.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    folder BLOB NOT NULL,
    started TEXT NOT NULL,
    state TEXT NOT NULL,
    token TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS moves (
    run INTEGER NOT NULL REFERENCES runs (id),
    number INTEGER NOT NULL,
    source BLOB NOT NULL,
    folder BLOB NOT NULL,
    name BLOB NOT NULL,
    rule TEXT NOT NULL,
    device INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    problem TEXT,
    PRIMARY KEY (run, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS new_folders (
    run INTEGER NOT NULL REFERENCES runs (id),
    path BLOB NOT NULL,
    PRIMARY KEY (run, path)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS copies (
    run INTEGER NOT NULL REFERENCES runs (id),
    number INTEGER NOT NULL,
    direction TEXT NOT NULL,
    device INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    PRIMARY KEY (run, number, direction)
) STRICT, WITHOUT ROWID;
"""


class State(StrEnum):
    """How far a run has come. Part of the JSON output."""

    UNFINISHED = "unfinished"
    """Going on right now, or killed; `run` and `undo` make it whole."""
    DONE = "done"
    INTERRUPTED = "interrupted"
    """Stopped before its end. What it moved is moved, the rest is where it was."""
    UNDO_UNFINISHED = "undo-unfinished"
    PARTLY_UNDONE = "partly-undone"
    """Some files could not be put back; `undo` may be tried again."""
    UNDONE = "undone"


class Direction(StrEnum):
    """Which way files move: by the run, or back by its undoing."""

    THERE = "there"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Run:
    """One run, without its moves."""

    id: int
    folder: str
    started: datetime
    state: State
    token: str
    planned: int
    left: int

    def stage_name(self, number: int) -> str:
        """The name that an unfinished copy has. It can be worked out, so it need not be stored."""
        return f".organize-{self.token}-{number}.part"


@dataclass(frozen=True, slots=True)
class RecordedMove:
    """A move as the journal knows it, with the identities its copies were given."""

    number: int
    move: Move
    problem: str | None
    copies: Mapping[Direction, Identity]

    def is_this(self, identity: Identity | None) -> bool:
        """Whether this is the file that was to be moved, or a copy that the move made of it."""
        return identity is not None and any(
            identity.is_probably(known) for known in (self.move.identity, *self.copies.values())
        )


class Journal:
    """The database of all runs. One short transaction for each thing that is recorded."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    @classmethod
    @contextmanager
    def open(cls, directory: Path) -> Iterator[Self]:
        """Open the journal in this directory; make both if they do not exist."""
        path = directory / FILE_NAME
        with _translated(path):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Waiting for another process's transaction ends before Ctrl-C seems to hang.
            connection = sqlite3.connect(path, timeout=5, isolation_level=None)
        try:
            journal = cls(connection, path)
            with _translated(path):
                journal._prepare()
            yield journal
        finally:
            connection.close()

    def _prepare(self) -> None:
        application = self._pragma("application_id")
        version = self._pragma("user_version")
        if application == _APPLICATION_ID and version == _VERSION:
            return
        if application == _APPLICATION_ID:
            raise FailedError(
                f"the journal {self._path} was written by another version of this program",
                "Use that version, or set ORGANIZE_STATE_DIR to a folder for a new journal.",
            )
        if self._connection.execute("SELECT 1 FROM sqlite_schema").fetchone():
            raise _damaged(self._path, "it is another program's database")
        self._connection.executescript(
            f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA application_id = {_APPLICATION_ID};"
            f"PRAGMA user_version = {_VERSION}; COMMIT;"
        )

    def _pragma(self, name: str) -> int:
        value: int = self._connection.execute(f"PRAGMA {name}").fetchone()[0]
        return value

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, and on the disk when this ends."""
        with _translated(self._path):
            # The default, but this program rests on it: a commit waits for the disk.
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def begin(self, plan: Plan) -> Run:
        """Write down the whole plan, before its first step."""
        started = datetime.now(UTC)
        token = secrets.token_hex(6)
        with self._transaction() as connection:
            cursor = connection.execute(
                "INSERT INTO runs (folder, started, state, token) VALUES (?, ?, ?, ?)",
                (os.fsencode(plan.folder), started.isoformat(), State.UNFINISHED, token),
            )
            run = cursor.lastrowid or 0
            connection.executemany(
                "INSERT INTO moves VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
                _rows(run, plan.moves),
            )
            connection.executemany(
                "INSERT INTO new_folders VALUES (?, ?)",
                ((run, os.fsencode(folder)) for folder in plan.new_folders),
            )
        return Run(run, plan.folder, started, State.UNFINISHED, token, len(plan.moves), 0)

    def record_name(self, run: Run, number: int, name: str) -> None:
        """A move is about to use another name than planned."""
        with self._transaction() as connection:
            connection.execute(
                "UPDATE moves SET name = ? WHERE run = ? AND number = ?",
                (os.fsencode(name), run.id, number),
            )

    def record_copy(self, run: Run, number: int, direction: Direction, copy: Identity) -> None:
        """A verified copy is about to get its final name. Until this is written, it is rubbish."""
        with self._transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO copies VALUES (?, ?, ?, ?, ?, ?, ?)",
                (run.id, number, direction, *copy),
            )

    def close(self, run: Run, state: State, problems: Mapping[int, str]) -> None:
        """The run has come to its end; these moves were not made."""
        with self._transaction() as connection:
            connection.executemany(
                "UPDATE moves SET problem = ? WHERE run = ? AND number = ?",
                ((problem, run.id, number) for number, problem in problems.items()),
            )
            self._set_state(connection, run, state)

    def mark(self, run: Run, state: State) -> None:
        """The undoing of a run begins or ends."""
        with self._transaction() as connection:
            self._set_state(connection, run, state)

    @staticmethod
    def _set_state(connection: sqlite3.Connection, run: Run, state: State) -> None:
        connection.execute("UPDATE runs SET state = ? WHERE id = ?", (state, run.id))

    def runs(self) -> list[Run]:
        """All runs, the latest first."""
        return self._runs("ORDER BY runs.id DESC")

    def run(self, number: int | None) -> Run:
        """The run with this number; without one, the latest."""
        if number is None:
            found = self._runs("ORDER BY runs.id DESC LIMIT 1")
            message = "there is no run to undo"
        else:
            found = self._runs("WHERE runs.id = ?", number)
            message = f"there is no run {number}"
        if not found:
            raise UsageError(message, "organize history lists the runs.")
        return found[0]

    def unfinished(self, folder: str) -> list[Run]:
        """Runs on this folder that were killed. Only who holds the folder's lock may say so."""
        return self._runs(
            "WHERE folder = ? AND state IN (?, ?) ORDER BY runs.id",
            os.fsencode(folder),
            State.UNFINISHED,
            State.UNDO_UNFINISHED,
        )

    def _runs(self, clause: str, *values: object) -> list[Run]:
        query = (
            "SELECT id, folder, started, state, token,"  # noqa: S608 - clauses are ours, see above
            " (SELECT count(*) FROM moves WHERE run = runs.id),"
            " (SELECT count(problem) FROM moves WHERE run = runs.id)"
            f" FROM runs {clause}"
        )
        with _translated(self._path):
            rows = self._connection.execute(query, values).fetchall()
            return [
                Run(
                    row[0],
                    os.fsdecode(row[1]),
                    datetime.fromisoformat(row[2]),
                    State(row[3]),
                    *row[4:],
                )
                for row in rows
            ]

    def moves(self, run: Run) -> list[RecordedMove]:
        """All moves of a run, in its order."""
        copies: dict[int, dict[Direction, Identity]] = {}
        with _translated(self._path):
            for number, direction, *identity in self._connection.execute(
                "SELECT number, direction, device, inode, size, mtime_ns FROM copies WHERE run = ?",
                (run.id,),
            ):
                copies.setdefault(number, {})[Direction(direction)] = Identity(*identity)
            rows = self._connection.execute(
                "SELECT number, source, folder, name, rule, device, inode, size, mtime_ns, problem"
                " FROM moves WHERE run = ? ORDER BY number",
                (run.id,),
            )
            return [_recorded(row, copies) for row in rows]

    def new_folders(self, run: Run) -> list[str]:
        """The folders that the run meant to make."""
        with _translated(self._path):
            rows = self._connection.execute(
                "SELECT path FROM new_folders WHERE run = ?", (run.id,)
            ).fetchall()
        return [os.fsdecode(path) for (path,) in rows]


def _rows(run: int, moves: Iterable[Move]) -> Iterator[tuple[object, ...]]:
    encode = os.fsencode
    for number, move in enumerate(moves):
        yield (
            run,
            number,
            encode(move.source),
            encode(move.folder),
            encode(move.name),
            move.rule,
            *move.identity,
        )


def _recorded(
    row: tuple[int, bytes, bytes, bytes, str, int, int, int, int, str | None],
    copies: Mapping[int, Mapping[Direction, Identity]],
) -> RecordedMove:
    number, source, folder, name, rule, device, inode, size, mtime_ns, problem = row
    move = Move(
        os.fsdecode(source),
        os.fsdecode(folder),
        os.fsdecode(name),
        rule,
        Identity(device, inode, size, mtime_ns),
    )
    return RecordedMove(number, move, problem, copies.get(number, {}))


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """SQLite's errors, in words that say what to do."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise FailedError(
            f"cannot use the journal {path}: {error}",
            "Make room and check that you may write there, or set ORGANIZE_STATE_DIR to another"
            " folder. Nothing is lost: organize undo works once the journal can be read.",
        ) from error
    except (sqlite3.Error, ValueError) as error:
        raise _damaged(path, str(error)) from error
    except OSError as error:
        raise FailedError(
            f"cannot make the folder {path.parent} for the journal: {error.strerror}",
            "Set ORGANIZE_STATE_DIR to a folder that you may write to.",
        ) from error


def _damaged(path: Path, why: str) -> FailedError:
    return FailedError(
        f"the journal {path} is damaged: {why}",
        "Move that file away to start a new one; the runs in it can then no longer be undone.",
    )
