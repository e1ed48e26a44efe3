"""What the program can do, for the command line and for any other caller.

rules = load_rules(None).book
plan = plan_folder("/home/ada/Downloads", rules)
result = run_folder("/home/ada/Downloads", rules)
undo_run(result.run)
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from file_organizer.apply import Report, apply
from file_organizer.errors import FailedError, UsageError
from file_organizer.journal import Journal, Run, State
from file_organizer.locking import locked
from file_organizer.places import Place
from file_organizer.plan import Left, Move, Plan, Reason, Skipped, make_plan
from file_organizer.recovery import Recovered, settle
from file_organizer.rules import RuleBook
from file_organizer.undo import undo

STATE_VARIABLE = "ORGANIZE_STATE_DIR"

Hold = Callable[[], AbstractContextManager[Callable[[], bool]]]
"""Opened around the moves; gives a function that says whether to stop after the present one."""


@contextmanager
def never_stopped() -> Iterator[Callable[[], bool]]:
    """For callers that do not stop."""
    yield lambda: False


def no_report(_done: int, _total: int) -> None:
    """For callers that show no progress."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run has done. `run` is None if there was nothing to move."""

    folder: str
    run: int | None
    moved: tuple[Move, ...]
    left: tuple[Left, ...]
    skipped: tuple[Skipped, ...]
    not_reached: int
    unmatched: int
    recovered: tuple[Recovered, ...]


@dataclass(frozen=True, slots=True)
class UndoResult:
    """What taking back a run has done."""

    folder: str
    run: int
    put_back: tuple[Move, ...]
    left: tuple[Left, ...]
    stopped: bool


def state_directory() -> Path:
    """Where the journal is: ORGANIZE_STATE_DIR, or the place that the system has for such files."""
    chosen = os.environ.get(STATE_VARIABLE)
    if chosen:
        return Path(chosen)
    import platformdirs  # noqa: PLC0415 - only needed without the variable

    return platformdirs.user_state_path("file-organizer", appauthor=False)


@contextmanager
def _opened(path: str | os.PathLike[str]) -> Iterator[Place]:
    """The folder at the path. A link to a folder that a person names on purpose is followed."""
    try:
        real = os.path.realpath(path, strict=True)
        place = Place.open(real)
        place.names()
    except NotADirectoryError:
        raise UsageError(f"{path} is not a folder", "Name the folder to organise.") from None
    except FileNotFoundError:
        raise UsageError(f"there is no folder {path}", "Check the spelling of its path.") from None
    except OSError as error:
        raise FailedError(
            f"cannot read the folder {path}: {error.strerror}",
            "Organise a folder that you may read and write.",
        ) from error
    with place:
        yield place


def plan_folder(path: str | os.PathLike[str], book: RuleBook) -> Plan:
    """What a run would do now. Changes nothing and needs no lock."""
    with _opened(path) as folder:
        return make_plan(folder, book)


def run_folder(
    path: str | os.PathLike[str],
    book: RuleBook,
    *,
    hold: Hold = never_stopped,
    report: Report = no_report,
) -> RunResult:
    """Organise the folder. A run that was killed before is made whole first."""
    state = state_directory()
    with _opened(path) as folder, locked(folder, state), Journal.open(state) as journal:
        _refuse_own_state(folder, state)
        recovered = tuple(settle(folder, journal, run) for run in journal.unfinished(folder.path))
        plan = make_plan(folder, book)
        if not plan.moves:
            return _result(plan, None, (), (), recovered)
        with hold() as should_stop:
            run = journal.begin(plan)
            applied = apply(plan, folder, journal, run, should_stop=should_stop, report=report)
            problems: dict[int, str] = {n: left.reason for n, left in applied.left.items()}
            unreached = [
                number
                for number in range(len(plan.moves))
                if number not in applied.moved and number not in applied.left
            ]
            problems.update(dict.fromkeys(unreached, Reason.INTERRUPTED))
            journal.close(run, State.INTERRUPTED if unreached else State.DONE, problems)
        moved, left = tuple(applied.moved.values()), tuple(applied.left.values())
        return _result(plan, run, moved, left, recovered)


def _result(
    plan: Plan,
    run: Run | None,
    moved: tuple[Move, ...],
    left: tuple[Left, ...],
    recovered: tuple[Recovered, ...],
) -> RunResult:
    return RunResult(
        folder=plan.folder,
        run=None if run is None else run.id,
        moved=moved,
        left=plan.left + left,
        skipped=plan.skipped,
        not_reached=len(plan.moves) - len(moved) - len(left),
        unmatched=plan.unmatched,
        recovered=recovered,
    )


def _refuse_own_state(folder: Place, state: Path) -> None:
    """The journal must not be organised away while it is in use."""
    if os.path.samefile(folder.path, state):
        raise UsageError(
            f"{folder.path} is where this program keeps its own journal",
            f"Organise another folder, or set {STATE_VARIABLE} to another one.",
        )


def undo_run(
    number: int | None = None,
    *,
    hold: Hold = never_stopped,
    report: Report = no_report,
) -> UndoResult:
    """Take back a run; without a number, the latest. A killed run is made whole first."""
    state = state_directory()
    with Journal.open(state) as journal:
        run = journal.run(number)
        with _opened(run.folder) as folder, locked(folder, state), hold() as should_stop:
            run = journal.run(run.id)  # as it is now that nobody else can change it
            if run.state is State.UNDONE:
                raise UsageError(
                    f"run {run.id} has been undone already",
                    "organize history lists the runs; organize undo takes the number of one.",
                )
            if run.state in {State.UNFINISHED, State.UNDO_UNFINISHED}:
                settle(folder, journal, run)
            undone = undo(folder, journal, run, should_stop=should_stop, report=report)
    return UndoResult(
        run.folder, run.id, tuple(undone.put_back), tuple(undone.left), undone.stopped
    )


def list_runs() -> list[Run]:
    """All runs in the journal, the latest first."""
    with Journal.open(state_directory()) as journal:
        return journal.runs()
