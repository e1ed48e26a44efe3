"""Between the program and the person: two streams, and readers who go away.

Results go to stdout, all else to stderr, so a pipe carries results only.
"""

import errno
import os
import sys
from io import TextIOWrapper
from typing import TextIO

from seedbed.visible import visible

READER_GONE = 128 + 13
"""What a shell reports for a program that died of SIGPIPE (13)."""


class ReaderGoneError(Exception):
    """Whoever read our output has closed it (`seedbed status | head`): stop, without a fuss.

    Not an `OSError`: Typer would take a broken pipe for its own business.
    """


def show(text: str) -> None:
    """Print a result on stdout, as it is and at once.

    Raises:
        ReaderGoneError: Nobody reads any more.
    """
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except OSError as error:
        _silence(sys.stdout)
        if error.errno == errno.EPIPE:
            raise ReaderGoneError from error
        raise


def note(text: str) -> None:
    """Say something to the person, on stderr. It is no reason to fail if nobody listens."""
    try:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except OSError:
        _silence(sys.stderr)


def say_error(message: str) -> None:
    """Say on stderr what was wrong."""
    note("\n".join(visible(line) for line in f"error: {message}".splitlines()))


def prepare_streams() -> None:
    """Make stdout and stderr safe to write to, whatever they are connected to.

    One that the caller has closed (`seedbed status >&-`) leads to nowhere. In this order each gets
    its own number back: what programs that we start take for it must be no file of ours.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nowhere = open(os.devnull, mode)  # noqa: SIM115 - for good
            os.set_inheritable(nowhere.fileno(), True)
            setattr(sys, name, nowhere)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A character that the terminal's encoding lacks must not stop the program.
            stream.reconfigure(errors="backslashreplace")


def _silence(stream: TextIO) -> None:
    """Send the rest to nowhere; else Python fails once more when it flushes at its end."""
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())
