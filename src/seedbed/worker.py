"""A worker process: it takes one student after another, and never outlives the program."""

import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from types import FrameType
from typing import Any

from seedbed.bugs import Bug
from seedbed.failures import explained
from seedbed.interrupts import SIGNALS
from seedbed.model import SeedbedError, Student

STOP = signal.SIGUSR1
"""What makes a worker end at once, with all that it started."""

SECONDS_TO_STOP = 3.0
"""How long a worker has to end by itself."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong for a student, in a person's words."""

    reason: str


class _Stopped(BaseException):
    """The worker must end now. It unwinds: Git is ended, and temporary folders are removed."""


def serve(connection: Connection, pickled_work: bytes) -> None:
    """Do the work for each student that comes, and send what became of it.

    Args:
        connection: Students come from here, and results go here.
        pickled_work: What to do for each student.
    """
    try:
        sys.unraisablehook = _unraisable
        signal.signal(STOP, _stop)
        # The terminal sends Ctrl-C to all processes, and a service manager SIGTERM; whether to stop
        # is decided by the parent. A handler that does nothing is not handed on to Git and to
        # students' tests, as ignoring would be.
        for number in SIGNALS:
            signal.signal(number, _pass_over)
        # They have been blocked since before there was this process.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        threading.Thread(target=_end_with_parent, daemon=True).start()
        while True:
            _send(connection, _outcome(pickled_work, connection.recv_bytes()))
    except (_Stopped, EOFError, OSError):
        pass
    finally:
        signal.signal(STOP, signal.SIG_IGN)
        end_children(os.getpid())
        os._exit(0)


def end_children(pid: int) -> None:
    """End all that a process has started, whatever session it is in."""
    import psutil  # noqa: PLC0415 - needed in a worker's end only

    try:
        children = psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return
    for child in children:
        try:
            child.kill()
        except psutil.NoSuchProcess:
            continue


def _outcome(pickled_work: bytes, pickled_student: bytes) -> Any:
    try:
        student = pickle.loads(pickled_student)  # noqa: S301 - from our parent
        return _unpickled(pickled_work)(student)
    except _Stopped:
        raise
    except SeedbedError as error:
        return Failure(str(error))
    except OSError as error:
        return Failure(explained(error))
    except BaseException as error:  # noqa: BLE001 - nothing may end the worker; it is reported
        return Bug.of(error)


@cache
def _unpickled(work: bytes) -> Callable[[Student], Any]:
    """The work, the same object for all students: it may keep what it has prepared."""
    unpickled: Callable[[Student], Any] = pickle.loads(work)  # noqa: S301 - from our parent
    return unpickled


def _send(connection: Connection, outcome: Any) -> None:
    try:
        message = pickle.dumps(outcome)
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
