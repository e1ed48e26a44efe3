"""The report as a table, for a terminal or for another program that reads lines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from seedbed.model import Checked, CheckResult, Row, State
from seedbed.report.content import Report, date, students
from seedbed.text import shortened
from seedbed.visible import visible

STYLES: Mapping[State, str] = {
    State.MISSING: "bold red",
    State.EMPTY: "red",
    State.CURRENT: "green",
    State.BEHIND: "yellow",
    State.UPDATE_OPEN: "cyan",
    State.CONFLICT: "bold magenta",
    State.DIVERGED: "magenta",
    State.AHEAD: "blue",
    State.UNREACHABLE: "bold red",
}
CHECK_STYLES: Mapping[CheckResult, str] = {
    CheckResult.PASSED: "green",
    CheckResult.FAILED: "red",
    CheckResult.TIMED_OUT: "yellow",
    CheckResult.NOT_STARTED: "magenta",
}
LONGEST = 60
"""What is longer is cut: one name must not push all columns out of sight."""

WIDE = 110
"""From this width on, names stand beside short names."""

_UNLIMITED = 10_000
_NOTHING = Text("-", style="dim")
_UNITS = (
    ("w", timedelta(weeks=1), timedelta(days=100)),
    ("d", timedelta(days=1), timedelta(days=1)),
    ("h", timedelta(hours=1), timedelta(hours=1)),
    ("min", timedelta(minutes=1), timedelta(minutes=1)),
)
"""How long ago is told in which unit: its sign, what it is, from when on it is used."""


@dataclass(frozen=True, slots=True)
class _Uncut:
    """A table as wide as it needs, for what is no terminal and may be searched."""

    table: Table

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from console.render(self.table, options.update_width(_UNLIMITED))


def show_table(report: Report, console: Console) -> None:
    """Show a report as a table, with the reasons and a line that counts below it.

    Args:
        report: The report.
        console: Where to show it. On a terminal it fits the width, elsewhere nothing is cut but
            names that are longer than `LONGEST`.
    """
    fits = console.is_terminal
    if report.rows:
        table = _table(report, narrow=fits and console.width < WIDE)
        console.print(table if fits else _Uncut(table), crop=fits)
        console.print()
    for line in (*_reasons(report.rows), _summary(report)):
        console.print(line, soft_wrap=not fits, highlight=False)


def _table(report: Report, *, narrow: bool) -> Table:
    gap, between = (1, "\n") if narrow else (2, " ")
    table = Table(box=None, padding=(0, gap, 0, 0), pad_edge=False, header_style="bold")
    table.add_column("Student", overflow="fold", min_width=9)
    if not narrow:
        table.add_column("Name", overflow="fold")
    table.add_column("State", no_wrap=True)
    table.add_column(f"Version{between}(behind)", overflow="fold")
    for words in (("Last", "commit"), ("Commits",), ("Open", "updates"), ("Conflicts",)):
        table.add_column(between.join(words), justify="right", no_wrap=True)
    if report.checked:
        table.add_column("Tests", no_wrap=True)
    for row in report.rows:
        table.add_row(*_cells(row, report, names=not narrow))
    return table


def _cells(row: Row, report: Report, *, names: bool) -> Iterator[Text]:
    yield _said(row.slug)
    if names:
        yield _said(row.name)
    yield Text(row.state, style=STYLES[row.state])
    yield _version(row)
    yield Text(ago(row.last_commit, report)) if row.last_commit else _NOTHING
    yield _NOTHING if row.commits is None else _number(row.commits)
    yield _number(len(row.branches), style="cyan")
    yield _number(len(row.conflicts), style="bold magenta")
    if report.checked:
        yield _test(row.checked)


def _said(text: str) -> Text:
    # A Text is shown as it is: brackets in it are no markup.
    return Text(shortened(visible(text), LONGEST))


def _version(row: Row) -> Text:
    if row.version is None:
        return _NOTHING
    behind = f" ({row.behind})" if row.behind else ""
    return _said(row.version).append(behind, style="yellow")


def _number(number: int, style: str = "") -> Text:
    return Text(str(number), style=style if number else "dim")


def _test(checked: Checked | None) -> Text:
    return Text(checked.result, style=CHECK_STYLES[checked.result]) if checked else _NOTHING


def ago(moment: datetime, report: Report) -> str:
    """How long before the report a moment was.

    Args:
        moment: The moment.
        report: The report.

    Returns:
        A few characters: `5 d`, `3 h`, `12 min`, `now`. Of a moment after the report, which a clock
        that is wrong makes, the date.
    """
    passed = report.made - moment
    if passed < timedelta():
        return date(moment, report)
    return next(
        (f"{passed // unit} {sign}" for sign, unit, since in _UNITS if passed >= since), "now"
    )


def _reasons(rows: Sequence[Row]) -> Iterator[Text]:
    found: dict[tuple[State, str], list[str]] = {}
    for row in rows:
        if row.reason:
            found.setdefault((row.state, row.reason), []).append(row.slug)
    for (state, reason), slugs in found.items():
        yield Text.assemble(
            (state, STYLES[state]), f", {students(len(slugs))}: ", visible(reason),
            "\n  ", ", ".join(shortened(visible(slug), LONGEST) for slug in slugs), "\n",
        )  # fmt: skip


def _summary(report: Report) -> Text:
    counts = [(f"{count} {state}", STYLES[state]) for state, count in report.counts.items()]
    line = Text(f"{students(len(report.rows))}, template {visible(report.version)}")
    for index, part in enumerate(counts):
        line.append(", " if index else ": ").append(*part)
    return line
