"""Taking a run back: each file to its old name, without overwriting anything there either."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from file_organizer.apply import REPORT_EVERY, Report, why_not
from file_organizer.content import StoppedError
from file_organizer.in_use import open_for_writing
from file_organizer.journal import Direction, Journal, RecordedMove, Run, State
from file_organizer.moves import ChangedError, Copying
from file_organizer.moves import move as move_file
from file_organizer.places import Place
from file_organizer.plan import Left, Move, Reason
from file_organizer.recovery import with_targets


@dataclass(slots=True)
class Undone:
    """What has become of the files of a run that was taken back."""

    put_back: list[Move] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    stopped: bool = False


def undo(
    folder: Place,
    journal: Journal,
    run: Run,
    *,
    should_stop: Callable[[], bool],
    report: Report,
) -> Undone:
    """Put back all files of a run that is whole. May be repeated until all are back."""
    journal.mark(run, State.UNDO_UNFINISHED)
    undoer = _Undoer(folder, journal, run, should_stop)
    for record, target in with_targets(folder, journal.moves(run)):
        if should_stop():
            undoer.result.stopped = True
            break
        if record.problem is None:
            undoer.put_back(record, target)
        if record.number % REPORT_EVERY == 0:
            report(record.number, run.planned)
    # The deepest first, so that a folder is empty by the time it is reached.
    for path in sorted(journal.new_folders(run), key=lambda path: -path.count("/")):
        folder.remove_empty_folder(path)
    result = undoer.result
    complete = not result.left and not result.stopped
    journal.mark(run, State.UNDONE if complete else State.PARTLY_UNDONE)
    return result


class _Undoer:
    def __init__(
        self, folder: Place, journal: Journal, run: Run, should_stop: Callable[[], bool]
    ) -> None:
        self._folder = folder
        self._journal = journal
        self._run = run
        self._should_stop = should_stop
        self._in_use = open_for_writing()
        self.result = Undone()

    def put_back(self, record: RecordedMove, target: Place | None) -> None:
        """One file, wherever it is now."""
        move = record.move
        try:
            found = None if target is None else target.identify(move.name)
            if target is not None and found is not None and record.is_this(found):
                if found[:2] in self._in_use:
                    self._leave(move, Reason.IN_USE, "a program has it open for writing")
                    return
                copying = partial(self._copying, record.number)
                move_file(target, move.name, self._folder, move.source, copying)
                self.result.put_back.append(move)
            elif not record.is_this(self._folder.identify(move.source)):
                self._say_it_is_gone(move, replaced=found is not None)
        except StoppedError:
            self.result.stopped = True
        except ChangedError:
            self._leave(move, Reason.CHANGED, "changed while it was being copied")
        except FileExistsError:
            self._leave(move, Reason.PLACE_TAKEN, f"there is another {move.source} by now")
        except OSError as error:
            self._leave(move, *why_not(error))

    def _say_it_is_gone(self, move: Move, *, replaced: bool) -> None:
        if replaced:
            self._leave(move, Reason.CHANGED, "another file has taken its place since the run")
        else:
            self._leave(move, Reason.VANISHED, "no longer where the run put it")

    def _leave(self, move: Move, reason: Reason, detail: str) -> None:
        self.result.left.append(Left(move.target, reason, detail))

    def _copying(self, number: int) -> Copying:
        return Copying(
            stage=self._run.stage_name(number),
            record=partial(self._journal.record_copy, self._run, number, Direction.BACK),
            should_stop=self._should_stop,
        )
