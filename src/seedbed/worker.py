"""A worker process: it takes one student after another, and never outlives the program."""

import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from types import FrameType
from typing import Any

from seedbed.bugs import Bug
from seedbed.failures import explained
from seedbed.interrupts import SIGNALS
from seedbed.model import Outcome, Result, SeedbedError, Student

STOP = signal.SIGUSR1
"""What makes a worker end at once, with all that it started."""

SECONDS_TO_STOP = 3.0
"""How long a worker has to end by itself."""


class _Stopped(BaseException):
    """The worker must end now. It unwinds: Git is ended, and temporary folders are removed."""


def serve(connection: Connection, pickled_work: bytes) -> None:
    """Do the work for each student that comes, and send what became of it.

    Args:
        connection: Students come from here, and results go here.
        pickled_work: What to do for each student.
    """
    try:
        try:
            _serve(connection, pickled_work)
        finally:
            # It must not tear what follows.
            signal.signal(STOP, signal.SIG_IGN)
    except (_Stopped, EOFError, OSError):
        pass
    finally:
        end_children(os.getpid())
        os._exit(0)


def failed(student: Student, reason: str) -> Outcome:
    """The outcome of a student for whom something went wrong; the reason is a person's words."""
    return Outcome(student.slug, Result.FAILED, "failed", reason)


def end_children(pid: int) -> None:
    """End all that a process has started, whatever session it is in."""
    import psutil  # noqa: PLC0415 - needed in a worker's end only

    # Some may end by themselves meanwhile, and one that has become another user's is not ours.
    with suppress(psutil.Error):
        for child in psutil.Process(pid).children(recursive=True):
            with suppress(psutil.Error):
                child.kill()


def _serve(connection: Connection, pickled_work: bytes) -> None:
    sys.unraisablehook = _unraisable
    signal.signal(STOP, _stop)
    # The terminal sends Ctrl-C to all processes, and a service manager SIGTERM; whether to stop
    # is decided by the parent. A handler that does nothing is not handed on to Git and to students'
    # tests, as ignoring would be.
    for number in SIGNALS:
        signal.signal(number, _pass_over)
    # They have been blocked since before there was this process.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    while True:
        _send(connection, _result(pickled_work, connection.recv_bytes()))


def _result(pickled_work: bytes, pickled_student: bytes) -> Any:
    try:
        return _done(pickled_work, pickle.loads(pickled_student))  # noqa: S301 - from our parent
    except _Stopped:
        raise
    except BaseException as error:  # noqa: BLE001 - nothing may end the worker; it is reported
        return Bug.of(error)


def _done(pickled_work: bytes, student: Student) -> Any:
    try:
        return _unpickled(pickled_work)(student)
    except SeedbedError as error:
        return failed(student, str(error))
    except OSError as error:
        return failed(student, explained(error))


@cache
def _unpickled(work: bytes) -> Callable[[Student], Any]:
    """The work, the same object for all students: it may keep what it has prepared."""
    unpickled: Callable[[Student], Any] = pickle.loads(work)  # noqa: S301 - from our parent
    return unpickled


def _send(connection: Connection, result: Any) -> None:
    try:
        message = pickle.dumps(result)
    except Exception as error:  # noqa: BLE001 - classes raise anything when they are pickled
        message = pickle.dumps(Bug.of(error))
    connection.send_bytes(message)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is None:
        raise RuntimeError("a worker runs in a process of its own")
    wait([parent.sentinel])
    signal.pthread_kill(threading.main_thread().ident or 0, STOP)
    threading.Event().wait(SECONDS_TO_STOP)
    end_children(os.getpid())
    os._exit(1)


def _stop(_number: int, _frame: FrameType | None) -> None:
    # Once is enough: another one would tear the end that this one began.
    signal.signal(STOP, signal.SIG_IGN)
    raise _Stopped


def _unraisable(lost: "sys.UnraisableHookArgs") -> None:
    """Python drops what is raised while it tidies an object up: then there is no unwinding."""
    if isinstance(lost.exc_value, _Stopped):
        end_children(os.getpid())
        os._exit(0)
    sys.__unraisablehook__(lost)


def _pass_over(_number: int, _frame: FrameType | None) -> None:
    pass
