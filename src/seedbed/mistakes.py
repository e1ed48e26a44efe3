"""Mistakes in the files that people write, told all at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from seedbed.model import SeedbedError
from seedbed.text import shortened
from seedbed.visible import visible

LONGEST = 80


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake, and what to write instead.

    Attributes:
        file: The file that has it.
        line: Its line, counted from 1; `None` where it is about the file as a whole.
        column: The roster's column, by name or position, or the key in a TOML file.
        message: What is wrong and what to do. What others wrote is quoted by `quoted`.
    """

    file: Path
    line: int | None
    column: str | None
    message: str

    def __str__(self) -> str:
        """The mistake on one line, such as `roster.csv:3: email: is empty. ...`."""
        place = f"{self.file}:{self.line}" if self.line is not None else str(self.file)
        column = f"{self.column}: " if self.column is not None else ""
        return visible(f"{place}: {column}{self.message}")


class MistakesError(SeedbedError):
    """Files that people wrote have mistakes; nothing was done.

    Attributes:
        mistakes: All of them, by file and line, each once.
    """

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        # Those of one line stay in the order in which they were found: that of the columns.
        self.mistakes = tuple(sorted(dict.fromkeys(mistakes), key=_place))
        super().__init__(self.mistakes)

    def __str__(self) -> str:
        """All mistakes, one a line, and what to do."""
        end = "Correct this" if len(self.mistakes) == 1 else f"Correct these {len(self.mistakes)}"
        return "\n".join([*map(str, self.mistakes), f"{end} and run it again. Nothing was done."])


def _place(mistake: Mistake) -> tuple[str, int]:
    return str(mistake.file), mistake.line or 0


def quoted(text: str) -> str:
    """What somebody wrote, for a message: in quotes, on one line, cut where it is long."""
    return f'"{visible(shortened(text, LONGEST))}"'
