"""The worker: runs the tasks that wait in the database, one after the other.

django-tasks-db has a worker too. This one tries a task again that failed or that was lost with its
worker, logs like everything else, and asks for tasks without locking anything.
"""

import logging
import signal
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils.timezone import now
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as LibraryWorker
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from app.core.databases import is_passing
from app.core.logs import request_id

logger = logging.getLogger(__name__)

IDLE_SECONDS = 1
CARE_SECONDS = 60
"""How often the worker looks for tasks that were lost, and for results that are too old."""

ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=10)
"""How long a task waits that failed; four times as long after each further failure."""

LONGEST = timedelta(minutes=15)
"""A task that has been running for longer has lost its worker. No task may take so long."""

KEPT = timedelta(days=14)
"""How long results are kept."""


class Worker:
    """Runs tasks until it is told to stop.

    A task is run at least once: if a worker is lost in the middle of one, another worker runs it
    again. So tasks have to be such that doing them twice is like doing them once.
    """

    def __init__(self) -> None:
        self.id = uuid4().hex
        self._stopping = False
        self._cared = 0.0
        self._runner = LibraryWorker(
            queue_names=["*"],
            interval=IDLE_SECONDS,
            batch=False,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=None,
            worker_id=self.id,
            excluded_queue_names=[],
        )

    def stop_on_signals(self) -> None:
        """End in order on SIGTERM and Ctrl-C: after the task in hand, or at once at the second."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)

    def _stop(self, number: int, _frame: object) -> None:
        self._stopping = True
        signal.signal(number, signal.SIG_DFL)

    def run(self, *, until_done: bool = False) -> None:
        """Run tasks.

        Args:
            until_done: End when none is left that could be run now.
        """
        logger.info("worker started", extra={"worker": self.id})
        while not self._stopping:
            close_old_connections()
            try:
                worked = self._step()
            except (OperationalError, InterfaceError) as error:
                if not is_passing(error):
                    raise
                logger.warning("database unavailable", extra={"cause": str(error).strip()})
                worked = False
            else:
                if until_done and not worked:
                    break
            if not worked and not self._stopping:
                time.sleep(IDLE_SECONDS)
        logger.info("worker stopped", extra={"worker": self.id})

    def _step(self) -> bool:
        """Do one thing, and tell whether there was anything to do."""
        if time.monotonic() - self._cared > CARE_SECONDS:
            recover_lost()
            forget_old()
            self._cared = time.monotonic()
        task = self._claim()
        if task is None:
            return False
        token = request_id.set(str(task.id))
        try:
            self._runner.run_task(task)
        finally:
            request_id.reset(token)
        retry_if_failed(task)
        return True

    def _claim(self) -> DBTaskResult[Any, Any] | None:
        """Take the next task, so that no other worker does."""
        waiting = DBTaskResult.objects.ready().filter(backend_name=DEFAULT_TASK_BACKEND_ALIAS)
        # Without a lock: on SQLite there is one, and asking for it every second disturbs others.
        if not waiting.exists():
            return None
        with exclusive_transaction():
            task = waiting.get_locked()
            if task is not None:
                task.claim(self.id)
            return task


def retry_if_failed(task: DBTaskResult[Any, Any]) -> None:
    """Have a task that failed tried again later, a few times."""
    tried = len(task.worker_ids)
    if task.status != TaskResultStatus.FAILED or tried >= ATTEMPTS:
        return
    task.status = TaskResultStatus.READY
    task.run_after = now() + FIRST_WAIT * 4 ** (tried - 1)
    task.save(update_fields=["status", "run_after"])


def recover_lost() -> None:
    """Have tasks tried again whose worker was lost: killed, or without power."""
    lost = DBTaskResult.objects.running().filter(started_at__lt=now() - LONGEST)
    for task in lost:
        logger.error("task lost with its worker", extra={"task": str(task.id)})
        task.status = TaskResultStatus.FAILED
        task.save(update_fields=["status"])
        retry_if_failed(task)


def forget_old() -> None:
    """Remove results that nobody will ask for any more."""
    DBTaskResult.objects.finished().filter(finished_at__lt=now() - KEPT).delete()
