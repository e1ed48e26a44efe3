"""Who shares a repository: a roster's lines put together to students and teams, with slugs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from seedbed.mistakes import Mistake, quoted
from seedbed.roster import OWN, Entry, Roster
from seedbed.slugs import slug_of


@dataclass(frozen=True, slots=True)
class Group:
    """A student, or a team: what the roster says of one repository.

    Attributes:
        entries: The roster's lines.
        about: What placeholders stand for: `name`, `email`, `github` and `slug`, so far as the
            roster says it and it is right.
        own: The answers of this group, by question.
        lines: The line that says so, by column.
        wrong: The columns whose cells are wrong.
    """

    entries: tuple[Entry, ...]
    about: Mapping[str, str]
    own: Mapping[str, str]
    lines: Mapping[str, int]
    wrong: frozenset[str]

    def mistake(self, file: Path, column: str, message: str) -> Mistake:
        """A mistake in a column, at the line that fills it in, or else at the first."""
        return Mistake(file, self.lines.get(column, self.entries[0].line), column, message)


def groups_of(roster: Roster) -> tuple[Sequence[Group], Sequence[Mistake]]:
    """Put the lines together, and find the mistakes that are between lines."""
    mistakes: list[Mistake] = []
    entries = _without_doubles(roster, mistakes)
    groups = [_group(roster.file, members, mistakes) for members in _members(entries)]
    _find_same_slugs(roster.file, groups, mistakes)
    return groups, mistakes


def _without_doubles(roster: Roster, mistakes: list[Mistake]) -> Sequence[Entry]:
    """The entries without those that are a second time in the roster."""
    kept = []
    first: dict[tuple[str, str], Entry] = {}
    for entry in roster.entries:
        same = {
            column: first.setdefault((column, entry.cells[column].casefold()), entry)
            for column in ("email", "github")
            if column in entry.cells
        }
        others = {column: other for column, other in same.items() if other is not entry}
        double = others.get("email")
        if double is not None and _name(double) == _name(entry):
            message = (
                f"is the student of line {double.line} once more. Remove one of the two lines."
            )
            mistakes.append(Mistake(roster.file, entry.line, "email", message))
            continue
        kept.append(entry)
        for column, other in others.items():
            message = (
                f"{quoted(entry.cells[column])} is on line {other.line} too. Correct one of them."
            )
            mistakes.append(Mistake(roster.file, entry.line, column, message))
    return kept


def _name(entry: Entry) -> str:
    return entry.cells.get("name", "").casefold()


def _members(entries: Iterable[Entry]) -> Iterable[Sequence[Entry]]:
    """The entries of each repository, in the roster's order."""
    members: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        team = entry.cells.get("team", "").casefold()
        members.setdefault(("team", team) if team else ("line", str(entry.line)), []).append(entry)
    return members.values()


def _group(file: Path, members: Sequence[Entry], mistakes: list[Mistake]) -> Group:
    cells, lines = _together(file, members, mistakes)
    wrong = frozenset().union(*(entry.wrong for entry in members))
    about: dict[str, str] = {}
    for column in ("email", "github"):
        if column in cells:
            about[column] = cells[column]
    titled = "team" if "team" in cells else "name"
    if titled in cells:
        about["name"] = cells[titled]
    if "slug" in cells:
        about["slug"] = cells["slug"]
    elif "name" in about and "slug" not in wrong:
        try:
            about["slug"] = slug_of(about["name"])
        except ValueError as error:
            mistakes.append(Mistake(file, lines[titled], titled, str(error)))
    return Group(
        entries=tuple(members),
        about=about,
        own={column: text for column, text in cells.items() if column and column not in OWN},
        lines={**lines, "name": lines.get(titled, members[0].line)},
        wrong=wrong,
    )


def _together(
    file: Path, members: Sequence[Entry], mistakes: list[Mistake]
) -> tuple[Mapping[str, str], Mapping[str, int]]:
    """The first cell in each column, and its line. What is a team's own must agree."""
    cells: dict[str, str] = {}
    lines: dict[str, int] = {}
    for entry in members:
        for column, text in entry.cells.items():
            if column not in cells:
                cells[column], lines[column] = text, entry.line
            elif text != cells[column] and (column == "slug" or column not in OWN):
                mistakes.append(Mistake(file, entry.line, column, _disagree(text, lines[column])))
    return cells, lines


def _disagree(text: str, line: int) -> str:
    return (
        f"{quoted(text)} is not what line {line} says for the same team. Write it once, or alike."
    )


def _find_same_slugs(file: Path, groups: Iterable[Group], mistakes: list[Mistake]) -> None:
    first: dict[str, Group] = {}
    for group in groups:
        if (slug := group.about.get("slug")) is None:
            continue
        other = first.setdefault(slug.casefold(), group)
        if other is not group:
            message = (
                f"{quoted(slug)} is the slug of line {other.entries[0].line} too. Give one of the "
                "two another in a column `slug`."
            )
            mistakes.append(group.mistake(file, "slug", message))
