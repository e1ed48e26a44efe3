"""A CSV file, as spreadsheets and people write it: bytes to lines of cells.

It is read line by line, so that one wrong quote costs its own line and not all that follow. A cell
with a line break is read as well, and its reader can tell it by that.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from seedbed.mistakes import Mistake

SAVE_AS = (
    'Save it as CSV in UTF-8 (Excel: the file type "CSV UTF-8"; LibreOffice: the character set '
    '"Unicode (UTF-8)").'
)
_QUOTES = 'A quote is opened and not closed, or text follows one. Write `"` within a cell as `""`.'
# In lines: a forgotten quote must not be looked for in all of a large file, again and again.
_LONGEST_CELL = 100
# What Excel writes, or is told by, as the first line of all.
_SEPARATOR = re.compile(r'"?sep=(?P<separator>[,;])"?[,;]*\s*', re.IGNORECASE)
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank.

    Attributes:
        number: Its number, counted from 1; of one with line breaks in a cell, where it begins.
        cells: Its cells, as they are written, without quotes.
    """

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read of a CSV file.

    Attributes:
        lines: Its lines, that with the columns' names first.
        mistakes: Its mistakes.
        separator: What stands between cells: a comma or a semicolon.
    """

    lines: tuple[Line, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    separator: str = ","


def read_sheet(file: Path) -> Sheet:
    """Read a CSV file. Nothing that is in it raises: mistakes are part of what is returned."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return _wrong(file, None, "There is no such file. `roster` in cohort.toml names it.")
    except OSError as error:
        return _wrong(file, None, f"It cannot be read: {error.strerror}.")
    if data.startswith(_BYTE_ORDER_MARKS) or data.count(0) * 4 > len(data):
        return _wrong(file, None, f"It is in UTF-16. {SAVE_AS}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return _wrong(file, before.count(b"\n") + 1, f"It is not in UTF-8 here. {SAVE_AS}")
    return _parse(file, text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def _wrong(file: Path, line: int | None, message: str) -> Sheet:
    return Sheet(mistakes=(Mistake(file, line, None, message),))


def _parse(file: Path, lines: Sequence[str]) -> Sheet:
    if told := _SEPARATOR.fullmatch(lines[0]):
        delimiter, number = told["separator"], 1
    else:
        header = next((line for line in lines if line.strip()), "")
        delimiter, number = ";" if header.count(";") > header.count(",") else ",", 0
    found, mistakes = [], []
    while number < len(lines):
        cells, used = _record(lines, number, delimiter)
        if cells is None:
            mistakes.append(Mistake(file, number + 1, None, _QUOTES))
        elif any(cell.strip() for cell in cells):
            found.append(Line(number + 1, tuple(cells)))
        number += used
    return Sheet(tuple(found), tuple(mistakes), delimiter)


def _record(lines: Sequence[str], number: int, delimiter: str) -> tuple[Sequence[str] | None, int]:
    """The cells of the record that begins at a line, `None` if it is none, and its lines' count."""
    cells = _cells(lines[number : number + 1], delimiter)
    if cells is None and _is_odd(lines[number]):
        # A quote that is open ends in the next line with an odd number of quotes, or nowhere.
        nearby = range(number + 1, min(number + _LONGEST_CELL, len(lines)))
        if end := next((each for each in nearby if _is_odd(lines[each])), None):
            cells = _cells(lines[number : end + 1], delimiter)
            if cells is not None:
                return cells, end + 1 - number
    return cells, 1


def _is_odd(line: str) -> bool:
    return line.count('"') % 2 == 1


def _cells(lines: Sequence[str], delimiter: str) -> Sequence[str] | None:
    """The cells that lines have together; `None` if they are no record of CSV."""
    ended = [f"{line}\n" for line in lines]
    try:
        records = list(csv.reader(ended, delimiter=delimiter, skipinitialspace=True, strict=True))
    except csv.Error:
        return None
    return records[0] if records else ()
