"""Bugs that were found, one file each. The docstring tells the story; the test keeps it away."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support import make_files, tree

from file_organizer import moves
from file_organizer.organizer import list_runs, run_folder, undo_run
from file_organizer.places import Place
from file_organizer.rules import RuleBook


@contextmanager
def stop_from_the_second_question_on() -> Iterator[Callable[[], bool]]:
    questions = iter([False])
    yield lambda: next(questions, True)


def test_an_undo_that_is_stopped_in_its_last_copy_is_not_complete(
    folder: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C during the last file of an undo made the program forget that file.

    Between file systems a file is put back by a copy, and a copy asks again and again whether to
    stop. It was given up correctly. But only the loop over the files noted that the undo had been
    stopped, when it asked before the *next* file; after the last file there is no next. So the run
    was marked "undone" with a file still in its target folder, and a second `organize undo`
    refused: "run 1 has been undone already". Now whoever gives up a copy notes the stop itself.
    """
    make_files(folder, "a.txt")
    run_folder(folder, book)
    real = moves.rename

    def rename(source: Place, name: str, target: Place, new_name: str) -> None:
        if source.path != target.path:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        real(source, name, target, new_name)

    monkeypatch.setattr(moves, "rename", rename)
    result = undo_run(hold=stop_from_the_second_question_on)
    assert (result.put_back, result.stopped) == ((), True)
    assert [run.state for run in list_runs()] == ["partly-undone"]
    assert tree(folder) == {"Docs": "/", "Docs/a.txt": "content of a.txt"}
    assert undo_run().stopped is False
    assert tree(folder) == {"a.txt": "content of a.txt"}
