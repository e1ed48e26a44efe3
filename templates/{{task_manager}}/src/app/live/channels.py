"""A project that somebody listens to: its newest events, read once for all who listen here."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy.ext.asyncio import AsyncSession

from app.live.asking import Asking, StoppedError, answer_of

PAGE = 32
"""How many events are read by one statement. Each may have a long text, before and after."""
BUFFER = 256
"""How many of the newest events are kept at hand."""
BUFFER_BYTES = 2**20
"""How large they may be together."""

_UNKNOWN = -1

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a project.

    Attributes:
        seq: Its number. A project's events are numbered 1, 2, 3, ... and are seen in that order.
        data: The event as it is sent.
        is_about_access: Whether somebody who listens may have no right to, after it.
    """

    seq: int
    data: bytes
    is_about_access: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """Where events are read.

    Attributes:
        newest: Reads the number of a project's newest event; 0 where there is none.
        read: Reads a project's events after a number, in order, and no more than a limit.
    """

    newest: Callable[[AsyncSession, int], Awaitable[int]]
    read: Callable[[AsyncSession, int, int, int], Awaitable[Sequence[Event]]]


class Channel:
    """The events of one project.

    Attributes:
        listeners: How many listen.
        seq: The number of the newest event that is known of, once it `is_open`.
    """

    def __init__(self, project: int, source: Source, asking: Asking) -> None:
        self.listeners = 0
        self.seq = _UNKNOWN
        self._project = project
        self._source = source
        self._asking = asking
        self._newest: deque[Event] = deque()
        self._newest_bytes = 0
        self._behind = False
        self._failed = False
        self._reader: asyncio.Task[None] | None = None
        self._wakeup = asyncio.Event()

    @property
    def is_open(self) -> bool:
        """Whether it is known how far the project has come."""
        return self.seq != _UNKNOWN

    def look(self) -> None:
        """Read what is new. Calls while that goes on are done with by one statement more."""
        self._behind = True
        if self._reader is None or self._reader.done():
            self._failed = False
            self._reader = self._asking.start(self._catch_up())

    async def news(self) -> None:
        """Wait until something may be known that was not before; the caller looks again.

        Raises:
            StoppedError: Nothing more is told.
        """
        if self._failed or self._asking.stopped:
            raise StoppedError
        await self._wakeup.wait()

    def wake(self) -> None:
        """Have all listeners look what there is."""
        self._wakeup.set()
        self._wakeup = asyncio.Event()

    async def position(self, after: int | None) -> int:
        """The number after which somebody begins to listen: see `Hub.listening`."""
        while not self.is_open:
            await self.news()
        if after is None or after <= self.seq:
            return self.seq if after is None else after
        # Another process may have told of it before this one has heard.
        newest = self._asking.ask(lambda session: self._source.newest(session, self._project))
        return min(after, await answer_of(newest))

    def at_hand(self, seq: int) -> Iterator[Event] | None:
        """The events after a number, which is smaller than the newest, if they are kept here."""
        position = len(self._newest) - (self.seq - seq)
        return islice(self._newest, position, None) if position >= 0 else None

    def read(self, seq: int, limit: int) -> asyncio.Task[Sequence[Event]]:
        """Begin to read the events after such a number in the database, up to so many."""
        return self._asking.ask(
            lambda session: self._source.read(session, self._project, seq, limit),
            # Who knows of a newer event must not get what was read before that was there.
            shared_as=(self._project, seq, limit, self.seq),
        )

    async def _catch_up(self) -> None:
        ask = self._asking.until_answered
        try:
            if not self.is_open:
                self.seq = await ask(lambda session: self._source.newest(session, self._project))
                self.wake()
            while self._behind and self.listeners:
                # Before reading: what is committed from here on says so again.
                self._behind = False
                events = await ask(
                    lambda session: self._source.read(session, self._project, self.seq, PAGE)
                )
                self._behind |= len(events) == PAGE
                self._add(events)
        except Exception:
            # Listeners are let go; when they come back, it is tried again.
            logger.exception("events cannot be read", extra={"project": self._project})
            self._failed = True
            self.wake()

    def _add(self, events: Sequence[Event]) -> None:
        for event in events:
            if event.seq != self.seq + 1:
                logger.error(
                    "events are missing", extra={"project": self._project, "after": self.seq}
                )
                self._newest.clear()
                self._newest_bytes = 0
            self._newest.append(event)
            self._newest_bytes += len(event.data)
            while len(self._newest) > BUFFER or self._newest_bytes > BUFFER_BYTES:
                self._newest_bytes -= len(self._newest.popleft().data)
            self.seq = event.seq
        if events:
            self.wake()
