"""Many students side by side, each in a worker process, until all are done or somebody says stop.

Each worker has a pipe of its own and one student at a time, so it is known whom a worker that dies
had, and the others do not notice.
"""

import os
import pickle
import resource
import signal
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import forkserver, get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from time import monotonic
from typing import Any, Generic, TypeVar

from seedbed.bugs import Bug
from seedbed.interrupts import SIGNALS, Interrupted, Noted, noted
from seedbed.model import Outcome, SeedbedError, Student
from seedbed.worker import SECONDS_TO_STOP, STOP, end_children, failed, serve

TRIES = 2
"""How often a student is begun whose worker dies."""

_FILES, _OTHER_FILES = 4, 24

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Run(Generic[R]):
    """What has become of the students.

    Attributes:
        results: The results of all who were finished, in the order of the students. Where the work
            itself has failed it is an `Outcome`, whatever the work returns.
        left: How many students were not finished, because somebody said stop.
    """

    results: Sequence[R | Outcome]
    left: int

    @property
    def interrupted(self) -> bool:
        """Whether something is left to do."""
        return self.left > 0


def default_jobs() -> int:
    """How many processes this machine runs at the same time for us."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def prepare(module: str) -> None:
    """Let a server import what the work needs, beside whatever this process does meanwhile.

    Args:
        module: The module that has the work.
    """
    get_context("forkserver").set_forkserver_preload([module])
    with _signals_blocked():
        forkserver.ensure_running()


def _bearable() -> int:
    """How many workers the limit of open files allows: four for each, and some for all else.

    The server of processes does not survive the limit. macOS allows 256, so some 50 workers.
    """
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return (allowed - _OTHER_FILES) // _FILES if allowed != resource.RLIM_INFINITY else sys.maxsize


def run(
    students: Iterable[Student],
    work: Callable[[Student], R],
    *,
    jobs: int,
    bugs: Path,
    ended: Callable[[Student, R | Outcome], None] = lambda _student, _result: None,
    stopping: Callable[[int], None] = lambda _busy: None,
) -> Run[R]:
    """Do the work for each student, several at a time.

    A failure is that student's only. The first Ctrl-C (or SIGTERM) lets no new student begin and
    waits for those who are begun; the second one stops at once. If this process is killed, its
    workers end as well.

    Args:
        students: The students; no two have the same slug.
        work: What to do for a student; it can be pickled.
        jobs: How many at a time.
        bugs: The folder for tracebacks of seedbed's own mistakes.
        ended: Told what has become of each student.
        stopping: Told once, when it was asked to stop: how many students will still be finished.

    Returns:
        What has become of them.

    Raises:
        Exception: What `ended` or `stopping` raise, once all who were begun are finished.
    """
    everybody = list(students)
    size = max(1, min(jobs, len(everybody), _bearable()))
    pool = _Pool(pickle.dumps(work), work.__module__, size)
    running: _Running[R] = _Running(pool, deque(everybody), bugs, ended)
    with noted() as signals, suppress(Interrupted):
        try:
            running.go(signals, stopping)
            pool.close()
        finally:
            pool.stop()
    if running.trouble:
        raise running.trouble
    results = [running.results[each.slug] for each in everybody if each.slug in running.results]
    return Run(results, len(everybody) - len(results))


@dataclass
class _Running(Generic[R]):
    """Who is waiting, who is finished, and with what result."""

    pool: "_Pool"
    waiting: deque[Student]
    bugs: Path
    ended: Callable[[Student, R | Outcome], None]
    results: dict[str, R | Outcome] = field(default_factory=dict)
    tries: Counter[str] = field(default_factory=Counter)
    trouble: Exception | None = None

    def go(self, signals: Noted, stopping: Callable[[int], None]) -> None:
        """Go on until nobody is left, or until the begun are finished after a signal."""
        told = False
        while True:
            if signals.asked and not told:
                told = True
                self._tell(stopping, len(self.pool.busy))
            if not signals.asked and not self.trouble:
                self._begin(signals)
            if not self.pool.busy:
                return
            connections = [worker.connection for worker in self.pool.busy]
            ready = set(wait(connections if told else [*connections, signals.wakes]))
            for worker in [each for each in self.pool.busy if each.connection in ready]:
                self._take_from(worker)

    def _begin(self, signals: Noted) -> None:
        # The first worker takes a moment to start; it may be asked to stop meanwhile.
        while self.waiting and self.pool.has_room and not signals.asked:
            student = self.waiting.popleft()
            self.tries[student.slug] += 1
            try:
                self.pool.give(student)
            except (EOFError, OSError) as error:
                self._do_without(student, error)

    def _do_without(self, student: Student, error: Exception) -> None:
        """Go on with the workers that there are: the machine has no process or file for more."""
        self.tries[student.slug] -= 1
        self.waiting.appendleft(student)
        self.pool.size = len(self.pool.busy)
        if not self.pool.size:
            self.trouble = SeedbedError(
                f"No process can be started: {error}. Run it again with fewer --jobs."
            )

    def _take_from(self, worker: "_Worker") -> None:
        student = worker.student
        try:
            result = pickle.loads(worker.connection.recv_bytes())  # noqa: S301 - from our own process
        except (EOFError, OSError):
            cause = self.pool.bury(worker)
            if self.tries[student.slug] < TRIES:
                self.waiting.appendleft(student)
            else:
                self._end(student, failed(student, cause))
            return
        self.pool.take_back(worker)
        if isinstance(result, Bug):
            result = failed(student, result.write_down(self.bugs))
        self._end(student, result)

    def _end(self, student: Student, result: R | Outcome) -> None:
        self.results[student.slug] = result
        self._tell(self.ended, student, result)

    def _tell(self, callback: Callable[..., None], *arguments: Any) -> None:
        """Call back; whoever fails to listen does not keep the begun from being finished."""
        if self.trouble:
            return
        try:
            callback(*arguments)
        except Exception as error:  # noqa: BLE001 - raised again in the end
            self.trouble = error


@dataclass
class _Worker:
    """A process, our end of its pipe, and the student that it has or had last."""

    process: ForkServerProcess
    connection: Connection
    student: Student


class _Pool:
    """The worker processes. They are started when they are needed."""

    def __init__(self, work: bytes, module: str, size: int) -> None:
        self.busy: list[_Worker] = []
        self._idle: list[_Worker] = []
        self._work = work
        self.size = size
        # Forked from a server that has imported what the work needs, a worker starts in no time. A
        # fork of this process might meet a lock that another thread holds; the server has none.
        self._context = get_context("forkserver")
        self._context.set_forkserver_preload([module])

    @property
    def has_room(self) -> bool:
        """Whether one more student can be taken."""
        return len(self.busy) < self.size

    def give(self, student: Student) -> None:
        """Give a student to a worker that has none."""
        worker = self._idle.pop() if self._idle else self._start(student)
        worker.student = student
        self.busy.append(worker)
        with suppress(OSError):  # it has died; its connection will say so
            worker.connection.send_bytes(pickle.dumps(student))

    def take_back(self, worker: _Worker) -> None:
        """Note that a worker has finished its student."""
        self.busy.remove(worker)
        self._idle.append(worker)

    def bury(self, worker: _Worker) -> str:
        """Remove a worker that has died, and say of what."""
        self.busy.remove(worker)
        worker.process.join(SECONDS_TO_STOP)
        code = worker.process.exitcode
        _kill(worker)
        how = signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"
        return (
            f"its process was ended from outside, {TRIES} times ({how}): is there enough memory?"
            " Try again with fewer --jobs"
        )

    def close(self) -> None:
        """Let the workers end that have nothing to do."""
        for worker in self._idle:
            worker.connection.close()
        for worker in self._idle:
            worker.process.join(SECONDS_TO_STOP)

    def stop(self) -> None:
        """End all workers that are still there, and all that they have started."""
        workers = [each for each in (*self.busy, *self._idle) if each.process.is_alive()]
        for worker in workers:
            _signal(worker, STOP)
        deadline = monotonic() + SECONDS_TO_STOP
        for worker in workers:
            worker.process.join(max(0.0, deadline - monotonic()))
        for worker in workers:
            _kill(worker)

    def _start(self, student: Student) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=serve, args=(theirs, self._work), daemon=True)
        with _signals_blocked():
            process.start()
        theirs.close()
        return _Worker(process, ours, student)


def _kill(worker: _Worker) -> None:
    if worker.process.is_alive():
        end_children(worker.process.pid or 0)
        _signal(worker, signal.SIGKILL)
    worker.connection.close()
    worker.process.join()


def _signal(worker: _Worker, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(worker.process.pid or 0, number)


@contextmanager
def _signals_blocked() -> Iterator[None]:
    """Let what is started in the block not be ended by a Ctrl-C before it can handle one.

    Signals wait here meanwhile, and none is lost.
    """
    # Started here, where it does not meet the mask: when it is started it takes the mask away.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
