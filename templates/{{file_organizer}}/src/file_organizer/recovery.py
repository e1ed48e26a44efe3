"""After a crash: find out where each file is, and make whole what was cut off in the middle.

A killed move leaves one of four pictures. The file is at its start; it is at its end; it has both
names (killed between link and unlink, or between the rename of a copy and the removal of its
source); or there is an unfinished copy besides. The first two are whole. In the others exactly
one is removed, and only with proof that its content stays: the same inode with another name, or
a copy that the journal knows and that was compared again.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from enum import Enum, auto
from itertools import groupby

from file_organizer.content import same_content
from file_organizer.journal import Direction, Journal, RecordedMove, Run, State
from file_organizer.places import Identity, NotAFolderError, Place
from file_organizer.plan import Reason


class Where(Enum):
    """Where a file of an unfinished run is."""

    SOURCE = auto()
    TARGET = auto()
    NEITHER = auto()


@dataclass(frozen=True, slots=True)
class Recovered:
    """What an unfinished run had done before it was cut off."""

    run: int
    moved: int
    not_moved: int
    missing: int


def settle(folder: Place, journal: Journal, run: Run) -> Recovered:
    """Make each file of an unfinished run whole, and record what was done and what was not.

    Nothing is moved on and nothing is moved back: those are decisions for a person.
    """
    direction = Direction.THERE if run.state is State.UNFINISHED else Direction.BACK
    problems: dict[int, str] = {}
    moved = missing = 0
    for record, target in with_targets(folder, journal.moves(run)):
        if record.problem is not None:
            continue
        where = _settle(folder, target, record, run.stage_name(record.number), direction)
        if where is Where.TARGET:
            moved += 1
        elif where is Where.SOURCE:
            problems[record.number] = Reason.INTERRUPTED
        else:
            # Not recorded as a problem: a drive may only be away, and `undo` can look again.
            missing += 1
    if direction is Direction.THERE:
        journal.close(run, State.INTERRUPTED, problems)
    else:
        # The run's own record stays as it is: `undo` may still put back what is not yet back.
        journal.mark(run, State.PARTLY_UNDONE)
    return Recovered(run.id, moved, len(problems), missing)


def with_targets(
    folder: Place, records: list[RecordedMove]
) -> Iterator[tuple[RecordedMove, Place | None]]:
    """Each move with its target folder held open; None where there is no such folder any more."""
    for path, group in groupby(records, key=lambda record: record.move.folder):
        with ExitStack() as stack:
            try:
                target = stack.enter_context(folder.inside(path))
            except (NotAFolderError, OSError):
                target = None
            for record in group:
                yield record, target


def _settle(
    folder: Place, target: Place | None, record: RecordedMove, stage: str, direction: Direction
) -> Where:
    move = record.move
    at_source = record.is_this(folder.identify(move.source))
    found = None if target is None else target.identify(move.name)
    at_target = record.is_this(found)
    if at_source or at_target:
        receiver = target if direction is Direction.THERE else folder
        if receiver is not None and receiver.status(stage) is not None:
            receiver.remove(stage)
    if at_source and at_target and target is not None:
        return _one_of_two(folder, target, record, direction)
    if at_target:
        return Where.TARGET
    return Where.SOURCE if at_source else Where.NEITHER


def _one_of_two(folder: Place, target: Place, record: RecordedMove, direction: Direction) -> Where:
    """The file is in both places: finish the move that made it so, if it was ours."""
    move = record.move
    if direction is Direction.THERE:
        start, name, end, end_name = folder, move.source, target, move.name
        finished, unfinished = Where.TARGET, Where.SOURCE
    else:
        start, name, end, end_name = target, move.name, folder, move.source
        finished, unfinished = Where.SOURCE, Where.TARGET
    if _is_second_name(start, name, end, end_name) or (
        _is_copy(end.identify(end_name), record.copies.get(direction))
        and same_content(start, name, end, end_name)
    ):
        start.remove(name)
        return finished
    return unfinished


def _is_second_name(start: Place, name: str, end: Place, end_name: str) -> bool:
    """One inode that really has two names: where a folder is mounted twice it may have but one."""
    one, other = start.status(name), end.status(end_name)
    return (
        one is not None
        and other is not None
        and (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)
        and one.st_nlink > 1
    )


def _is_copy(found: Identity | None, recorded: Identity | None) -> bool:
    """Exactly the copy that was recorded. The device's number may differ after a restart."""
    return found is not None and recorded is not None and found[1:] == recorded[1:]
