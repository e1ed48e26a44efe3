"""How a run goes: a bar where somebody watches, a line for each student where nobody does."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from seedbed.model import Outcome, Result, Row, Student
from seedbed.summary import line
from seedbed.terminal import note, show


@dataclass
class Display:
    """Shows how a run goes.

    Attributes:
        lines: Whether each student's outcome is a line on stdout.
        bar: The bar on stderr, if there is one.
    """

    lines: bool
    bar: tuple[Progress, TaskID] | None = None
    _counts: Counter[Result] = field(default_factory=Counter)

    def ended(self, _student: Student, result: Outcome | Row) -> None:
        """Show what became of a student."""
        if isinstance(result, Outcome):
            self._counts[result.result] += 1
            if self.lines:
                show(line(result))
        if self.bar is not None:
            progress, task = self.bar
            progress.update(task, advance=1, counts=self._counted())

    def stopping(self, busy: int) -> None:
        """Show that the run was asked to stop."""
        if not busy:
            note("Stopping.")
            return
        those = "the one in flight is" if busy == 1 else f"the {busy} in flight are"
        note(f"Stopping once {those} finished. Once more, to stop at once.")

    def _counted(self) -> str:
        conflicts, failed = self._counts[Result.CONFLICT], self._counts[Result.FAILED]
        parts = [(conflicts, "conflicts" if conflicts > 1 else "conflict"), (failed, "failed")]
        return ", ".join(f"{count} {what}" for count, what in parts if count)


@contextmanager
def display(what: str, total: int, *, lines: bool, bar: bool = True) -> Iterator[Display]:
    """Show how a run goes while the block runs.

    Args:
        what: What is done: `Seeding`.
        total: How many students there are.
        lines: Whether outcomes are results, for stdout. A terminal that has the bar gets none.
        bar: Whether a terminal gets a bar.
    """
    console = Console(stderr=True, markup=False, emoji=False, highlight=False)
    # A program's settings may make Rich take a file for a terminal, to have colours in it.
    if not (bar and sys.stderr.isatty() and console.is_interactive):
        yield Display(lines)
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[counts]}", markup=False),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    # Results go to stdout, also while there is a bar.
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as progress:
        task = progress.add_task(what, total=total, counts="")
        yield Display(lines and not sys.stdout.isatty(), (progress, task))
