"""Mistakes in seedbed itself: a file gets what is needed to find them, a person reads one line."""

import hashlib
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from seedbed.failures import without_user_information


@dataclass(frozen=True, slots=True)
class Bug:
    """An exception that nobody expected.

    Attributes:
        kind: The exception's class.
        mark: The same for all exceptions that came the same way through the code.
        text: The traceback.
    """

    kind: str
    mark: str
    text: str

    @classmethod
    def of(cls, error: BaseException) -> Self:
        """Take from an exception what is needed to find its cause."""
        way = [(frame.name, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
        mark = hashlib.sha256(repr((type(error).__name__, way)).encode()).hexdigest()[:8]
        text = without_user_information("".join(traceback.format_exception(error)))
        return cls(type(error).__name__, mark, text)

    def write_down(self, folder: Path) -> str:
        """Write the traceback to a file, and say so in the same words for all whom it happened to.

        Args:
            folder: Where the file goes.

        Returns:
            What happened, and what to do next.
        """
        path = folder / f"bug-{self.mark}.txt"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text(self.text, encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            where = f"but {path} could not be written: {error.strerror}"
        else:
            where = f"and attach {path}"
        return f"seedbed itself failed ({self.kind}): please report it, {where}"
