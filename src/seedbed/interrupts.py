"""Ctrl-C, SIGTERM and a closing terminal: they stop the program at once, or are held."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

EXIT_CODE = 130
"""What the program ends with when one of them has stopped it."""

GO_ON = "Run the same command again: it does what is missing."


class Interrupted(BaseException):
    """A signal asked the program to stop now. No `except Exception` may swallow it."""


@dataclass
class Noted:
    """What has come while the first signal is only noted.

    Attributes:
        wakes: The reading end of a pipe that has something in it as soon as a signal has come.
        writes: The other end.
        count: How many have come.
        seen: Which have come.
    """

    wakes: int
    writes: int
    count: int = 0
    seen: set[int] = field(default_factory=set)

    @property
    def asked(self) -> bool:
        """Whether the program was asked to stop."""
        return self.count > 0

    def take(self, number: int, _frame: FrameType | None) -> None:
        """Handle a signal."""
        if number in self.seen and number != signal.SIGINT:
            return
        self.seen.add(number)
        self.count += 1
        if self.count == 1:
            os.write(self.writes, b"!")
        elif self.count == 2:  # noqa: PLR2004 - one more would tear the end that this one began
            raise Interrupted


def install() -> None:
    """Take over the signals, but for those that our parent told us to ignore (`nohup`).

    A process that is number 1 in a container ignores SIGTERM unless it has a handler.
    """
    _handle_by(_interrupt)


def ignore() -> None:
    """Ignore the signals from here on: what is left to do takes a moment, and is not to be torn."""
    for number in (*SIGNALS, signal.SIGALRM):
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def noted() -> Iterator[Noted]:
    """While this is open the first signal is only noted; the second one raises `Interrupted`.

    Only Ctrl-C is a second one when it comes again: `timeout` says SIGTERM twice, and a terminal
    that closes says SIGHUP by the shell and by the kernel.
    """
    previous = {number: signal.getsignal(number) for number in SIGNALS}
    previous_hook = sys.unraisablehook
    signals = Noted(*os.pipe())
    _handle_by(signals.take)
    try:
        yield signals
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
        sys.unraisablehook = previous_hook
        os.close(signals.wakes)
        os.close(signals.writes)


def _handle_by(handler: Callable[[int, FrameType | None], None]) -> None:
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)
    signal.signal(signal.SIGALRM, _raise_again)
    sys.unraisablehook = _unraisable


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    # Once is enough: another one would tear the end that this one began.
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise Interrupted


def _unraisable(lost: "sys.UnraisableHookArgs") -> None:
    """Python drops what is raised while it tidies an object up: raise it again in a moment."""
    if isinstance(lost.exc_value, Interrupted):
        signal.setitimer(signal.ITIMER_REAL, 0.01)
    else:
        sys.__unraisablehook__(lost)


def _raise_again(_number: int, _frame: FrameType | None) -> None:
    raise Interrupted
