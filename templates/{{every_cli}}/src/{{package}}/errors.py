"""Errors that a user can do something about, and the exit codes that scripts can rely on.

Nothing here knows what the program does: every command-line project of the house has this module.
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What the program tells its caller. The numbers never change their meaning.

    A signal that stops the program adds to these: 128 plus its number, as shells do it.
    """

    DONE = 0
    PARTLY = 1
    USAGE = 2
    CONFIGURATION = 3
    BUSY = 4
    FAILED = 5


class UserError(Exception):
    """Something that a user caused or can mend; shown without a traceback.

    `message` says what is wrong, `details` lists the places where that is more than one, and `hint`
    says what to do next. Subclasses choose the exit code.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.FAILED

    def __init__(self, message: str, hint: str, details: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = tuple(details)


class UsageError(UserError):
    """The command line asks for something that does not exist or cannot be."""

    exit_code = ExitCode.USAGE


class ConfigurationError(UserError):
    """A file that the user wrote for the program is wrong."""

    exit_code = ExitCode.CONFIGURATION


class BusyError(UserError):
    """Another process is doing this right now."""

    exit_code = ExitCode.BUSY


class FailedError(UserError):
    """The system refused: no permission, no room, a damaged file."""
