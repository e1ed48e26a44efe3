"""What tomllib says against a text that is no TOML, in words for who wrote it."""

import ast
import re
import tomllib
from collections.abc import Sequence

from seedbed.text import shortened

_LINE = re.compile(r" \(at line (\d+), column (\d+)\)$")
_TWICE = re.compile(r"Cannot declare (\(.*\)) twice", re.DOTALL)
_LONGEST_TABLE = 80
_DATE = re.compile(r"\s*date\s*=")
# Quotes as word processors write them, and as TOML wants them.
_STRAIGHT = str.maketrans(
    dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"') | dict.fromkeys("\u2018\u2019\u201a", "'")
)


def explained(text: str, error: str, *, date: str) -> tuple[int, str, str]:
    """The line, the column and the message of an error.

    Args:
        text: The text.
        error: What tomllib says.
        date: How the date in the table `[commit]` is written.
    """
    what = error.rpartition(" (at ")[0]
    line = _line_of(text, error)
    found = _LINE.search(error)
    column = f"column {found[2]}" if found else "the end"
    if twice := _TWICE.fullmatch(what):
        table = shortened(".".join(ast.literal_eval(twice[1])), _LONGEST_TABLE)
        return line, column, f"[{table}] stands here for the second time. Put both together."
    advice = _advice(text.split("\n"), line, date)
    return line, column, f"This is no TOML: {what}. {advice}"


def _line_of(text: str, error: str) -> int:
    found = _LINE.search(error)
    return int(found[1]) if found else text.rstrip().count("\n") + 1


def _advice(lines: Sequence[str], number: int, date: str) -> str:
    line = lines[number - 1]
    table = next((each for each in lines[number - 1 :: -1] if each.lstrip().startswith("[")), "")
    if _DATE.match(line) and "[commit]" in table:
        return f"Write it like `{date}`."
    straight = line.translate(_STRAIGHT)
    if straight != line and _is_toml([*lines[: number - 1], straight, *lines[number:]], number):
        return "Write straight quotes."
    return "Texts stand in quotes, and each key on a line of its own."


def _is_toml(lines: Sequence[str], number: int) -> bool:
    """Whether lines are TOML up to that with a number."""
    text = "\n".join(lines)
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return _line_of(text, str(error)) > number
    except (RecursionError, ValueError):
        return False
    return True
