"""Results as JSON documents and as lines for people. Nothing here decides or prints anything."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from file_organizer.journal import Run
from file_organizer.organizer import RunResult, UndoResult
from file_organizer.plan import Left, Move, Plan, Skipped
from file_organizer.recovery import Recovered
from file_organizer.rules import LoadedRules, Rule
from file_organizer.terminal import visible

VERSION = 1
"""Of the JSON documents. A change that could break a reader raises it."""

LISTED = 100
"""How many files are listed one by one, unless all are asked for."""

Document = dict[str, Any]


def _document(command: str, **fields: Any) -> Document:
    return {"version": VERSION, "command": command, **fields}


def _name(name: str) -> str:
    r"""The name as valid text: a byte that is not UTF-8 becomes `\xff`, four characters."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _moves(moves: Iterable[Move]) -> list[Document]:
    return [
        {"source": _name(move.source), "target": _name(move.target), "rule": move.rule}
        for move in moves
    ]


def _left(left: Iterable[Left]) -> list[Document]:
    return [
        {"source": _name(one.source), "reason": one.reason, "detail": _name(one.detail)}
        for one in left
    ]


def _skipped(skipped: Iterable[Skipped]) -> list[Document]:
    return [{"source": _name(one.source), "same_as": _name(one.same_as)} for one in skipped]


def plan_document(plan: Plan) -> Document:
    """The JSON of `organize plan`."""
    return _document(
        "plan",
        folder=_name(plan.folder),
        moves=_moves(plan.moves),
        left=_left(plan.left),
        skipped=_skipped(plan.skipped),
        new_folders=[_name(folder) for folder in plan.new_folders],
        unmatched=plan.unmatched,
    )


def run_document(result: RunResult) -> Document:
    """The JSON of `organize run`."""
    return _document(
        "run",
        folder=_name(result.folder),
        run=result.run,
        moved=_moves(result.moved),
        left=_left(result.left),
        skipped=_skipped(result.skipped),
        not_reached=result.not_reached,
        unmatched=result.unmatched,
        recovered=[
            {
                "run": one.run,
                "moved": one.moved,
                "not_moved": one.not_moved,
                "missing": one.missing,
            }
            for one in result.recovered
        ],
    )


def undo_document(result: UndoResult) -> Document:
    """The JSON of `organize undo`."""
    return _document(
        "undo",
        folder=_name(result.folder),
        run=result.run,
        put_back=_moves(result.put_back),
        left=_left(result.left),
        stopped=result.stopped,
    )


def history_document(runs: Iterable[Run]) -> Document:
    """The JSON of `organize history`."""
    return _document(
        "history",
        runs=[
            {
                "run": run.id,
                "started": run.started.isoformat(timespec="seconds"),
                "state": run.state,
                "files": run.planned,
                "left": run.left,
                "folder": _name(run.folder),
            }
            for run in runs
        ],
    )


def rules_document(loaded: LoadedRules) -> Document:
    """The JSON of `organize rules`."""
    return _document(
        "rules",
        source=_name(loaded.source),
        hidden=loaded.book.hidden,
        identical=loaded.book.identical,
        rules=[
            {"name": rule.name, "match": rule.match.given(), "target": rule.target}
            for rule in loaded.book.rules
        ],
    )


def demo_document(folder: str, names: Sequence[str]) -> Document:
    """The JSON of `organize demo`."""
    return _document("demo", folder=_name(folder), files=list(names))


def plan_lines(plan: Plan, *, every: bool) -> list[Text]:
    """`organize plan` for people: a tree of folders, then what stays, then the sum."""
    stays = _stays(plan.left, plan.skipped, every=every)
    lines = [*_tree(plan.moves, every=every), *stays]
    parts = [f"{count(len(plan.moves), 'file')} would move"]
    if plan.left:
        parts.append(f"{len(plan.left)} would be left")
    return [*lines, _sum(parts, plan.skipped, plan.unmatched), Text("Nothing was changed.")]


def run_lines(result: RunResult) -> list[Text]:
    """`organize run` for people."""
    stays = _stays(result.left, result.skipped, every=False)
    lines = [*_tree(result.moved, every=False), *stays]
    parts = [f"{count(len(result.moved), 'file')} moved"]
    if result.left:
        parts.append(f"{len(result.left)} left")
    if result.not_reached:
        parts.append(f"{result.not_reached} not reached")
    lines.append(_sum(parts, result.skipped, result.unmatched))
    if result.run is not None:
        lines.append(Text(f"To take it back: organize undo {result.run}"))
    return lines


def undo_lines(result: UndoResult) -> list[Text]:
    """`organize undo` for people."""
    lines = _stays(result.left, (), every=False)
    parts = [f"{count(len(result.put_back), 'file')} put back"]
    if result.left:
        parts.append(f"{len(result.left)} left")
    lines.append(_sum(parts, (), 0))
    if result.left or result.stopped:
        lines.append(Text(f"To go on with the rest: organize undo {result.run}"))
    return lines


def recovered_line(recovered: Recovered) -> str:
    """What a run says of an earlier one that was killed."""
    line = f"Run {recovered.run} had been cut off. It is whole now: {recovered.moved} moved"
    if recovered.not_moved:
        line += f", {recovered.not_moved} not moved"
    if recovered.missing:
        line += f", {recovered.missing} in neither place"
    return f"{line}. To take it back: organize undo {recovered.run}"


def _tree(moves: Sequence[Move], *, every: bool) -> list[Text]:
    """The target folders with their files, or with their numbers of files if there are many."""
    lines = []
    brief = not every and len(moves) > LISTED
    sizes = Counter(move.folder for move in moves)
    folder = None
    for move in moves:
        if move.folder != folder:
            folder = move.folder
            line = Text(f"{visible(folder)}/", style="bold")
            line.append(f"  {count(sizes[folder], 'file')}", style="dim")
            lines.append(line)
        if not brief:
            line = Text(f"  {visible(move.source)}")
            if move.name != move.source:
                line.append(f" -> {visible(move.name)}")
            lines.append(line)
    return lines


def _stays(left: Sequence[Left], skipped: Sequence[Skipped], *, every: bool) -> list[Text]:
    lines = []
    if left:
        lines.append(Text("Left where they are", style="bold yellow"))
        lines += _some(
            [f"{visible(one.source)}: {visible(one.detail)}" for one in left], every=every
        )
    if skipped:
        lines.append(Text("Skipped, the same content is there", style="bold"))
        same = [f"{visible(one.source)} = {visible(one.same_as)}" for one in skipped]
        lines += _some(same, every=every)
    return lines


def _some(lines: Sequence[str], *, every: bool) -> list[Text]:
    """The lines, indented; of very many, the first and the number of the others."""
    shown = lines if every else lines[:LISTED]
    texts = [Text(f"  {line}") for line in shown]
    if len(shown) < len(lines):
        texts.append(Text(f"  and {len(lines) - len(shown)} more, which --json lists"))
    return texts


def _sum(parts: list[str], skipped: Sequence[Skipped], unmatched: int) -> Text:
    if skipped:
        parts.append(f"{len(skipped)} skipped")
    if unmatched:
        parts.append(f"{unmatched} without a rule")
    return Text(", ".join(parts) + ".")


def count(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def history_table(runs: Iterable[Run]) -> Table:
    """`organize history` for people, in local time."""
    table = Table("Run", "Started", "State", "Files", "Left", "Folder", box=None, pad_edge=False)
    for run in runs:
        started = run.started.astimezone().strftime("%Y-%m-%d %H:%M")
        cells = (str(run.id), started, run.state, str(run.planned), str(run.left))
        table.add_row(*cells, Text(visible(run.folder), overflow="fold"))
    return table


def rules_table(rules: Iterable[Rule]) -> Table:
    """`organize rules` for people."""
    table = Table("", "Rule", "Matches", "Target", box=None, pad_edge=False)
    for number, rule in enumerate(rules, start=1):
        conditions = "\n".join(
            f"{key}: {visible(value if isinstance(value, str) else ' '.join(value))}"
            for key, value in rule.match.given().items()
        )
        cells = (visible(rule.name), conditions, visible(rule.target))
        table.add_row(str(number), *(Text(cell, overflow="fold") for cell in cells))
    return table
