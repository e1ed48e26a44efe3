"""Carrying out a plan: each move in its turn, and what could not be done is noted."""

import errno
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby

from file_organizer.content import StoppedError
from file_organizer.in_use import open_for_writing
from file_organizer.journal import Direction, Journal, Run
from file_organizer.moves import ChangedError, Copying
from file_organizer.moves import move as move_file
from file_organizer.names import comparison_key, names_to_try
from file_organizer.places import NotAFolderError, Place
from file_organizer.plan import Left, Move, Plan, Reason

REPORT_EVERY = 250
"""Moves between two reports of progress: a rename is quicker than drawing a bar."""

_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})

Report = Callable[[int, int], None]


@dataclass(slots=True)
class Applied:
    """What has become of the moves of a plan, by their numbers. The rest was not reached."""

    moved: dict[int, Move] = field(default_factory=dict)
    left: dict[int, Left] = field(default_factory=dict)


def why_not(error: OSError) -> tuple[Reason, str]:
    """The reason to report for what the system said."""
    detail = error.strerror or str(error)
    return (Reason.NO_PERMISSION if error.errno in _FORBIDDEN else Reason.FAILED), detail


def apply(
    plan: Plan,
    folder: Place,
    journal: Journal,
    run: Run,
    *,
    should_stop: Callable[[], bool],
    report: Report,
) -> Applied:
    """Make all moves of the plan, or as many as possible until asked to stop."""
    applier = _Applier(plan, folder, journal, run, should_stop=should_stop, report=report)
    for target, moves in groupby(enumerate(plan.moves), key=lambda numbered: numbered[1].folder):
        applier.fill(target, moves)
    return applier.result


class _Applier:
    """The moves of one run, on their way."""

    def __init__(
        self,
        plan: Plan,
        folder: Place,
        journal: Journal,
        run: Run,
        *,
        should_stop: Callable[[], bool],
        report: Report,
    ) -> None:
        self._plan = plan
        self._folder = folder
        self._journal = journal
        self._run = run
        self._should_stop = should_stop
        self._report = report
        self._in_use = open_for_writing()
        self.result = Applied()

    def fill(self, path: str, moves: Iterable[tuple[int, Move]]) -> None:
        """Make all moves into one folder, which is made first if need be."""
        if self._should_stop():
            return
        try:
            with self._folder.made(path) as target:
                for number, move in moves:
                    if self._should_stop():
                        break
                    self._make(number, move, target)
                    if number % REPORT_EVERY == 0:
                        self._report(number, len(self._plan.moves))
        except NotAFolderError as error:
            self._leave_all(moves, Reason.BLOCKED_TARGET, f"{path}: {error}")
        except OSError as error:
            reason, detail = why_not(error)
            self._leave_all(moves, reason, f"{path}: {detail}")

    def _leave_all(self, moves: Iterable[tuple[int, Move]], reason: Reason, detail: str) -> None:
        for number, move in moves:
            self._leave(number, move, reason, detail)

    def _leave(self, number: int, move: Move, reason: Reason, detail: str) -> None:
        self.result.left[number] = Left(move.source, reason, detail)

    def _make(self, number: int, move: Move, target: Place) -> None:
        """One move, unless the file is not what was planned for any more."""
        try:
            found = self._folder.identify(move.source)
            if found is None:
                self._leave(number, move, Reason.VANISHED, "vanished before it could be moved")
            elif found != move.identity:
                self._leave(number, move, Reason.CHANGED, "changed since the plan was made")
            elif found[:2] in self._in_use:
                self._leave(number, move, Reason.IN_USE, "a program has it open for writing")
            else:
                self.result.moved[number] = self._move(number, move, target)
        except StoppedError:
            pass  # in the middle of a copy: neither moved nor left means not reached
        except ChangedError:
            self._leave(number, move, Reason.CHANGED, "changed while it was being copied")
        except FileNotFoundError:
            self._leave(number, move, *self._what_is_missing(move))
        except OSError as error:
            self._leave(number, move, *why_not(error))

    def _what_is_missing(self, move: Move) -> tuple[Reason, str]:
        if self._folder.identify(move.source) is None:
            return Reason.VANISHED, "vanished while it was being moved"
        return Reason.BLOCKED_TARGET, f"the folder {move.folder} vanished"

    def _move(self, number: int, move: Move, target: Place) -> Move:
        """Move the file, under another name if its own was taken meanwhile. Returns what it did."""
        copying = partial(self._copying, number)
        tried: set[str] = set()
        while True:
            try:
                move_file(self._folder, move.source, target, move.name, copying)
            except FileExistsError:
                tried.add(comparison_key(move.name))
                move = replace(move, name=self._free_name(move, target, tried))
                self._journal.record_name(self._run, number, move.name)
            else:
                return move

    def _copying(self, number: int) -> Copying:
        return Copying(
            stage=self._run.stage_name(number),
            record=partial(self._journal.record_copy, self._run, number, Direction.THERE),
            should_stop=self._should_stop,
        )

    def _free_name(self, move: Move, target: Place, tried: set[str]) -> str:
        """A name that is neither there, nor planned for another file, nor found taken before."""
        taken = {comparison_key(name) for name in target.names()} | tried
        taken.update(
            comparison_key(other.name) for other in self._plan.moves if other.folder == move.folder
        )
        return next(name for name in names_to_try(move.source) if comparison_key(name) not in taken)
