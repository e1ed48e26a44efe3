"""`roster.csv`: one student a line, read with every mistake that a line can have alone."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from seedbed.contacts import checked_email, checked_github
from seedbed.mistakes import Mistake, quoted
from seedbed.sheet import Line, read_sheet
from seedbed.slugs import checked_slug
from seedbed.suggestions import did_you_mean
from seedbed.visible import is_plain

REQUIRED = ("name", "email")
OWN = (*REQUIRED, "github", "team", "slug")
_FORMULA = ("=", "+", "-", "@", "\t")
_CHECKS: Mapping[str, Callable[[str], str]] = {
    "email": checked_email,
    "github": checked_github,
    "slug": checked_slug,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the roster.

    Attributes:
        line: Its number.
        cells: Its cells by column, those that are empty or wrong left out.
        wrong: The columns whose cells are wrong.
    """

    line: int
    cells: Mapping[str, str]
    wrong: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Roster:
    """What was read of a roster.

    Attributes:
        file: The file.
        entries: Its lines.
        mistakes: The mistakes that were found so far.
    """

    file: Path
    entries: tuple[Entry, ...]
    mistakes: tuple[Mistake, ...]


def read_roster(file: Path, questions: Collection[str] | None) -> Roster:
    """Read a roster. Nothing that is in it raises: mistakes are part of what is returned.

    Args:
        file: The file.
        questions: The template's questions, which columns may be named like; `None` if they are not
            known, and any column may be one.
    """
    sheet = read_sheet(file)
    mistakes = list(sheet.mistakes)
    if not sheet.lines:
        if not mistakes:
            message = f"It is empty. Begin with a line of columns: {','.join(OWN[:3])}."
            mistakes.append(Mistake(file, None, None, message))
        return Roster(file, (), tuple(mistakes))
    header, *lines = sheet.lines
    if _is_a_student(header):
        message = f"This should name the columns. Put a line before it: {','.join(OWN[:3])}."
        return Roster(file, (), (*mistakes, Mistake(file, header.number, None, message)))
    columns = _columns(header)
    mistakes += _wrong_columns(file, header, columns, questions)
    if not lines and not mistakes:
        message = "There are no students. Write one a line below the columns."
        mistakes.append(Mistake(file, header.number, None, message))
    entries = []
    for line in lines:
        if len(line.cells) == len(columns):
            entry, wrong = _entry(file, line, columns)
            entries.append(entry)
            mistakes += wrong
        else:
            mistakes.append(Mistake(file, line.number, None, _other_length(line, columns)))
    return Roster(file, tuple(entries), tuple(mistakes))


# -- The columns ----------------------------------------------------------------------------------


def _is_a_student(header: Line) -> bool:
    return any("@" in cell for cell in header.cells)


def _columns(header: Line) -> Sequence[str]:
    """The columns' names; those of the program's own in any case of letters."""
    names = [cell.strip() for cell in header.cells]
    return [name.casefold() if name.casefold() in OWN else name for name in names]


def _wrong_columns(
    file: Path, header: Line, columns: Sequence[str], questions: Collection[str] | None
) -> list[Mistake]:
    def mistake(column: str, message: str) -> Mistake:
        return Mistake(file, header.number, column, message)

    mistakes = []
    for position, name in enumerate(columns):
        if name in columns[:position] and name:
            first = columns.index(name) + 1
            mistakes.append(mistake(f"column {position + 1}", f"is named as column {first} is."))
        elif name and questions is not None and name not in {*OWN, *questions}:
            known = did_you_mean(name, [*OWN, *questions])
            message = (
                f"{quoted(name)} is neither a column of rosters nor a question of the template."
            )
            mistakes.append(mistake(f"column {position + 1}", f"{message} {known}"))
    for name in REQUIRED:
        if name not in columns:
            seen = "" if len(columns) > 1 else " Separate columns by commas or semicolons."
            mistakes.append(mistake(name, f"This column is missing.{seen}"))
    return mistakes


# -- The lines ------------------------------------------------------------------------------------


def _other_length(line: Line, columns: Sequence[str]) -> str:
    cells = "is 1 cell" if len(line.cells) == 1 else f"are {len(line.cells)} cells"
    has = f"There {cells} for {len(columns)} columns."
    if len(line.cells) > len(columns):
        return f"{has} A cell that has a comma or semicolon stands in quotes."
    return f"{has} Leave a cell empty, with its comma or semicolon, if there is nothing to say."


def _entry(file: Path, line: Line, columns: Sequence[str]) -> tuple[Entry, Sequence[Mistake]]:
    cells: dict[str, str] = {}
    mistakes: dict[str, Mistake] = {}
    for position, (column, cell) in enumerate(zip(columns, line.cells, strict=True), start=1):
        name = column or f"column {position}"
        try:
            text = _checked(column, cell)
        except ValueError as error:
            mistakes.setdefault(name, Mistake(file, line.number, name, str(error)))
        else:
            if text:
                cells.setdefault(column, text)
    return Entry(line.number, cells, frozenset(mistakes)), tuple(mistakes.values())


def _checked(column: str, cell: str) -> str:
    """The text of a cell.

    Raises:
        ValueError: It is wrong; the message says why, and what to write.
    """
    text = cell.strip()
    if "\n" in text:
        raise ValueError("has a line break. Write it on one line.")
    if not column and text:
        raise ValueError(
            f"{quoted(text)} is in a column without a name. Name it in the first line."
        )
    if not text and column in REQUIRED:
        raise ValueError("is empty. Each student needs a name and an e-mail address.")
    if _is_formula(column, cell):
        raise ValueError(f"{quoted(text)} is a formula to a spreadsheet. Write plain text.")
    if not is_plain(text):
        raise ValueError(f"{quoted(text)} has a character that cannot be seen. Type it anew.")
    return _CHECKS[column](text) if text and column in _CHECKS else text


def _is_formula(column: str, cell: str) -> bool:
    # What begins with @ in these columns has a better message.
    if column in {"email", "github"} and cell.strip().startswith("@"):
        return False
    starts = cell.lstrip(" ").startswith("\t") or cell.strip().startswith(_FORMULA)
    return starts and not _is_number(cell.strip())


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
