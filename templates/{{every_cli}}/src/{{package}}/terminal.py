"""Between the program and the person: output, signals, and the one place where errors end.

Results go to stdout, all else to stderr, so a pipe carries results only. Nothing here knows what
the program does: every command-line project of the house has this module.

Rich is imported where it is used. It takes longer to load than the rest of the program, and
`--help` and `--json` do not need it.
"""

# ruff: noqa: PLC0415 - see above

import errno
import json
import os
import signal
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, TextIO

from .errors import ExitCode, UserError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

SIGNALLED = 128
"""Exit codes for signals start here: 130 for Ctrl-C (2), 143 for SIGTERM (15)."""

READER_GONE = SIGNALLED + 13
"""What a shell reports for a program that died of SIGPIPE (13), which Windows does not have."""

# The joiners hold emoji and letters of several scripts together. All other format characters are
# invisible, and some reorder the text around them to make one name look like another.
_HARMLESS = frozenset("\u200c\u200d")
_UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def visible(text: str) -> str:
    r"""The text with everything that could control a terminal written as an escape like `\x1b`.

    A byte that is not valid UTF-8 (Python holds it as a lone surrogate) shows as that byte: `\xff`.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(character) for character in text)


def _escaped(character: str) -> str:
    if character in _HARMLESS or unicodedata.category(character) not in _UNSAFE_CATEGORIES:
        return character
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode("ascii")


class ReaderGoneError(Exception):
    """Whoever read our output has closed it (`organize history | head`): stop, without a fuss.

    Not an `OSError`: Typer would take a broken pipe for its own business.
    """


class Interrupted(BaseException):
    """A signal asked the program to stop. No `except Exception` may swallow it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = SIGNALLED + number


class Signals:
    """Ctrl-C, SIGTERM and a closing terminal: stop at once, or at the next safe moment.

    The handlers are installed explicitly, because a process that is number 1 in a container
    ignores SIGTERM unless it has a handler.
    """

    def __init__(self) -> None:
        self.received: int | None = None
        self._held = False

    def install(self) -> None:
        """Take over the signals, but for those that our parent told us to ignore (`nohup`)."""
        self.received = None
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)  # Windows has no SIGHUP
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._handle)

    def _handle(self, number: int, _frame: FrameType | None) -> None:
        self.received = number
        if not self._held:
            raise Interrupted(number)

    def exit_code(self, code: int) -> int:
        """The code to end with: a signal that came during the work goes before its result."""
        return code if self.received is None else SIGNALLED + self.received

    @contextmanager
    def held(self) -> Iterator[Callable[[], bool]]:
        """While this is open a signal is only noted; the caller asks whether to stop."""
        self._held = True
        try:
            yield lambda: self.received is not None
        finally:
            self._held = False


signals = Signals()


def _console(*, stderr: bool = False) -> "Console":
    """A console for plain text: file names must never be read as markup or emoji codes."""
    from rich.console import Console

    return Console(stderr=stderr, markup=False, emoji=False, highlight=False)


def show(*lines: "RenderableType", wrap: bool = False) -> None:
    """Print results on stdout. Unless `wrap` is set, a long line and its file name stay whole."""
    console = _console()
    # Rich only lays out and colours. Writing itself, it would end the process on a broken pipe.
    with console.capture() as laid_out:
        for line in lines:
            console.print(line, soft_wrap=not wrap)
    show_raw(laid_out.get())


def show_json(document: object) -> None:
    """Print one JSON document on stdout; ASCII, so that no encoding can spoil it."""
    show_raw(json.dumps(document, indent=2) + "\n")


def show_raw(text: str) -> None:
    """Print text on stdout as it is, and notice if nobody reads any more or the disk is full."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        _silence(sys.stdout)
        # Windows says EINVAL when the reader has gone.
        if error.errno in {errno.EPIPE, errno.EINVAL}:
            raise ReaderGoneError from error
        raise


def _silence(stream: TextIO) -> None:
    """Send the rest to nowhere; else Python fails once more when it flushes at its end."""
    with open(os.devnull, "wb") as nowhere:
        try:
            os.dup2(nowhere.fileno(), stream.fileno())
        except OSError:
            return  # a stream without a file, as in tests


def note(text: str) -> None:
    """Say something to the person, on stderr. It is no reason to fail if nobody listens."""
    try:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except OSError:
        _silence(sys.stderr)


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, fed with (done, total), where stderr is a terminal; else nothing."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=_console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def guarded(main: Callable[[], int]) -> int:
    """Run the program; turn all that a person can cause into a message and an exit code.

    What is left is a mistake in the program, and its traceback is the way to find it.
    """
    _prepare_streams()
    signals.install()
    try:
        return main()
    except UserError as error:
        _say_error(error.message, error.hint, error.details)
        return error.exit_code
    except ReaderGoneError:
        return READER_GONE
    except Interrupted as stop:
        note("Stopped.")
        return stop.exit_code
    except OSError as error:
        name = f": {error.filename}" if isinstance(error.filename, str) else ""
        _say_error(
            f"{error.strerror or error}{name}",
            "The system refused this. Put it right and give the command again.",
        )
        return ExitCode.FAILED


def _say_error(message: str, hint: str, details: tuple[str, ...] = ()) -> None:
    lines = (f"error: {message}", *(f"  {detail}" for detail in details), f"hint: {hint}")
    note("\n".join(visible(line) for line in lines))


def _prepare_streams() -> None:
    """Make stdout and stderr safe to write to, whatever they are connected to."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by the caller: `organize history >&-`
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115 - for good
        elif hasattr(stream, "reconfigure"):
            # A character that the terminal's encoding lacks must not stop the program.
            stream.reconfigure(errors="backslashreplace")
