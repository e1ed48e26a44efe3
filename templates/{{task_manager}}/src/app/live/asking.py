"""Reads for people who wait: a database that does not answer is asked again, and nobody let go."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from contextvars import Context
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.core.problems import cause_of, is_passing
from app.live.watching import undisturbed

AT_ONCE = 3
"""How many connections are used at the same time, so that requests have the others."""
SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
"""How many seconds pass before a database that did not answer is asked again."""

T = TypeVar("T")
Question = Callable[[AsyncSession], Awaitable[T]]

logger = logging.getLogger(__name__)


class StoppedError(Exception):
    """Nothing more is told: the process ends, or events cannot be read."""


class Patience:
    """Waits for a database that does not answer, and says so once.

    Args:
        what: What cannot be done meanwhile.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._pause = 0.0

    async def failed(self, error: Exception) -> None:
        """Pause, for longer after each failure."""
        if not self._pause:
            extra = {"what": self._what, "cause": cause_of(error)}
            logger.warning("the database does not answer", extra=extra)
        self._pause = min(max(2 * self._pause, SHORTEST_PAUSE), LONGEST_PAUSE)
        await asyncio.sleep(self._pause)

    def answered(self) -> None:
        """Take the database for well again."""
        if self._pause:
            logger.info("the database answers again", extra={"what": self._what})
        self._pause = 0.0


async def answer_of(task: asyncio.Task[T], until: float | None = None) -> T:
    """Wait for an answer, for as long as it takes or up to a time of the event loop's clock.

    Raises:
        TimeoutError: It is not there by then; one may go on waiting.
        StoppedError: The process ends.
    """
    left = None if until is None else until - asyncio.get_running_loop().time()
    # Unlike `await task`, this leaves the task alone when it is cancelled itself.
    await asyncio.wait([task], timeout=left)
    if not task.done():
        raise TimeoutError
    if task.cancelled():
        raise StoppedError
    return task.result()


class Asking:
    """Asks the database in tasks of its own, which a client that goes away does not interrupt.

    Args:
        database: The database.
    """

    def __init__(self, database: Database) -> None:
        self.stopped = False
        self._database = database
        self._tasks: set[asyncio.Task[Any]] = set()
        self._shared: dict[Hashable, asyncio.Task[Any]] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._patience = Patience("reading events")

    def ask(self, question: Question[T], *, shared_as: Hashable = None) -> asyncio.Task[T]:
        """Begin to read an answer; `answer_of` waits for it.

        Args:
            question: What reads it.
            shared_as: Whoever asks by the same name before the answer is there, gets the same one.

        Raises:
            StoppedError: The process ends.
        """
        task: asyncio.Task[T] | None = self._shared.get(shared_as)
        if not task:
            task = self.start(self.until_answered(question))
            if shared_as is not None:
                self._shared[shared_as] = task
                task.add_done_callback(lambda _: self._shared.pop(shared_as))
        return task

    async def until_answered(self, question: Question[T]) -> T:
        """The same without a task."""
        while True:
            try:
                async with self._slots, self._database.session(read_only=True) as session:
                    await undisturbed(session.connection())
                    answer = await question(session)
            except (DBAPIError, PoolTimeoutError, OSError) as error:
                if not is_passing(error):
                    raise
                await self._patience.failed(error)
            else:
                self._patience.answered()
                return answer

    def start(self, coroutine: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Start a task that ends with the process at the latest.

        Raises:
            StoppedError: The process ends.
        """
        if self.stopped:
            coroutine.close()
            raise StoppedError
        # In a context of its own: it is not a part of the request that happens to start it.
        task = asyncio.get_running_loop().create_task(coroutine, context=Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def stop(self) -> None:
        """End all tasks."""
        if not self.stopped:  # Who is cancelled twice cannot clean up.
            self.stopped = True
            for task in self._tasks:
                task.cancel()

    async def ended(self) -> None:
        """Wait until all tasks have ended."""
        await asyncio.gather(*self._tasks, return_exceptions=True)
