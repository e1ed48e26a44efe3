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
# How people say that there is nothing to say.
_NOTHING = frozenset({"-", "--", "\u2013", "\u2014", "n/a"})
_LONGEST_NAME = 80
_SEPARATORS = {",": "comma", ";": "semicolon"}
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
    if not any(name in columns for name in REQUIRED):
        # A title, or another separator: all lines would be wrong for the one reason.
        return Roster(file, (), tuple(mistakes))
    if not lines and not mistakes:
        message = "There are no students. Write one a line below the columns."
        mistakes.append(Mistake(file, header.number, None, message))
    used = _used(columns, questions)
    entries = []
    for line in lines:
        if (cells := _fitted(line.cells, columns)) is None:
            message = _other_length(line, columns, _SEPARATORS[sheet.separator])
            mistakes.append(Mistake(file, line.number, None, message))
        else:
            entry, wrong = _entry(file, line.number, columns, cells, used)
            entries.append(entry)
            mistakes += wrong
    return Roster(file, tuple(entries), tuple(mistakes))


# -- The columns ----------------------------------------------------------------------------------


def _is_a_student(header: Line) -> bool:
    # An address alone: the name of a column may have one as an example.
    return any(_is_email(cell.strip()) for cell in header.cells)


def _is_email(text: str) -> bool:
    try:
        checked_email(text)
    except ValueError:
        return False
    return True


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
            end = "Rename it, or remove it from this file."
            mistakes.append(mistake(f"column {position + 1}", f"{message} {known} {end}"))
    for name in REQUIRED:
        if name not in columns:
            seen = "" if len(columns) > 1 else " Separate columns by commas or semicolons."
            mistakes.append(mistake(name, f"This column is missing.{seen}"))
    return mistakes


def _used(columns: Sequence[str], questions: Collection[str] | None) -> frozenset[str]:
    """The columns whose cells are read. One that is none of these is one mistake, as a column."""
    if questions is None:
        return frozenset(name for name in columns if name in OWN or _may_be_a_question(name))
    return frozenset(columns) & {*OWN, *questions}


def _may_be_a_question(name: str) -> bool:
    return name.isidentifier() and len(name) <= _LONGEST_NAME


# -- The lines ------------------------------------------------------------------------------------


def _fitted(cells: Sequence[str], columns: Sequence[str]) -> Sequence[str] | None:
    """As many cells as there are columns; `None` if some are missing, or are too many.

    Spreadsheets leave out empty cells at the end of a line, or write more of them.
    """
    needed = 1 + max(columns.index(name) for name in REQUIRED if name in columns)
    if len(cells) < needed or any(cell.strip() for cell in cells[len(columns) :]):
        return None
    return [*cells, *[""] * (len(columns) - len(cells))][: len(columns)]


def _other_length(line: Line, columns: Sequence[str], separator: str) -> str:
    count = len(line.cells)
    cells = "is 1 cell" if count == 1 else f"are {count} cells"
    has = f"There {cells} for {len(columns)} column{'s' if len(columns) > 1 else ''}."
    if count > len(columns):
        return f"{has} A cell that has a {separator} in it stands in quotes."
    return (
        f"{has} Each student needs a name and an e-mail address. Between cells stands a "
        f"{separator}, as in the first line."
    )


def _entry(
    file: Path, line: int, columns: Sequence[str], written: Sequence[str], used: Collection[str]
) -> tuple[Entry, Sequence[Mistake]]:
    cells: dict[str, str] = {}
    mistakes: dict[str, Mistake] = {}
    for position, (column, cell) in enumerate(zip(columns, written, strict=True), start=1):
        if column and column not in used:
            continue
        name = column or f"column {position}"
        try:
            text = _checked(column, cell)
        except ValueError as error:
            mistakes.setdefault(name, Mistake(file, line, name, str(error)))
        else:
            if text:
                cells.setdefault(column, text)
    return Entry(line, cells, frozenset(mistakes)), tuple(mistakes.values())


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
    if column not in REQUIRED and text.casefold() in _NOTHING:
        raise ValueError(f"{quoted(text)} is no text here. Leave the cell empty.")
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
