"""One place in each process that learns of new events, and tells all who listen to them here.

However many listen to a project, a wake-up costs one statement, and an event is rendered once.
Nothing here knows what an event is about.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress

from app.core.database import Database
from app.live import channels
from app.live.asking import Asking, Patience, Question, answer_of
from app.live.channels import Channel, Event, Source
from app.live.watching import watch

CHUNK_BYTES = 64 * 1024
"""How much is taken at once; an event that is larger is taken alone."""


class Hub:
    """Tells listeners what happens.

    Args:
        database: The database.
        source: How events are read there.
    """

    def __init__(self, database: Database, source: Source) -> None:
        self._url = database.url
        self._source = source
        self._asking = Asking(database)
        self._channels: dict[int, Channel] = {}
        self._anybody = asyncio.Event()
        self._patience = Patience("watching for commits")

    @property
    def stopped(self) -> bool:
        """Whether the process ends, and nobody is told anything any more."""
        return self._asking.stopped

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Learn of commits while the block runs. Afterwards no task is left."""
        self._asking.start(self._watch())
        try:
            yield
        finally:
            self.stop()
            await self._asking.ended()

    def stop(self) -> None:
        """Let all listeners go at once, whatever they wait for."""
        self._asking.stop()
        for channel in self._channels.values():
            channel.wake()

    @asynccontextmanager
    async def listening(self, project: int, after: int | None) -> AsyncIterator["Listener"]:
        """Listen to a project while the block runs.

        Args:
            project: The project's number.
            after: The event that was heard last. Without it one hears of what happens from now on,
                and so does who claims to have heard what has not happened.

        Raises:
            StoppedError: Nothing more is told.
        """
        if not (channel := self._channels.get(project)):
            channel = self._channels[project] = Channel(project, self._source, self._asking)
        channel.listeners += 1
        self._anybody.set()
        try:
            if not channel.is_open:
                channel.look()
            # Only now: what happens from here on is told.
            yield Listener(channel, await channel.position(after))
        finally:
            channel.listeners -= 1
            if not channel.listeners:
                del self._channels[project]
            if not self._channels:
                self._anybody.clear()

    def ask(self, question: Question[bool]) -> asyncio.Task[bool]:
        """Ask the database for a listener: see `Asking.ask`."""
        return self._asking.ask(question)

    async def _watch(self) -> None:
        while True:
            try:
                await watch(self._url, self._anybody, self._changed)
            except Exception as error:  # noqa: BLE001 - else nobody would hear of anything again
                await self._patience.failed(error)

    def _changed(self, project: int | None) -> None:
        self._patience.answered()
        if self.stopped:
            return
        if project is None:
            for channel in self._channels.values():
                channel.look()
        elif channel_of_it := self._channels.get(project):
            channel_of_it.look()


class Listener:
    """Somebody who hears of each event of a project once, at their own pace.

    Attributes:
        seq: The number of the event that was taken last.
        is_in_doubt: Whether something was taken after which they may have no right to listen.
    """

    def __init__(self, channel: Channel, seq: int) -> None:
        self.seq = seq
        self.is_in_doubt = False
        self._channel = channel
        self._page = channels.PAGE
        self._reading: tuple[asyncio.Task[Sequence[Event]], int] | None = None

    async def take(self, until: float | None = None) -> bytes:
        """Take what comes next; nothing, where nothing has happened.

        Whoever reads slowly is sent no more before they have read it, and has no more here either.

        Args:
            until: Up to when to wait for the database, by the event loop's clock.

        Raises:
            TimeoutError: It has not answered by then; one may go on waiting.
            StoppedError: Nothing more is told.
        """
        if not self._reading:
            if self._channel.seq <= self.seq:
                return b""
            if (events := self._channel.at_hand(self.seq)) is not None:
                return self._taken(events)
            self._reading = self._channel.read(self.seq, self._page), self._channel.seq
        task, newest = self._reading
        read = await answer_of(task, until)
        self._reading = None
        if not read:
            # The project has been deleted.
            self.seq = newest
        data = self._taken(iter(read))
        # What is too much is read in vain, so it is not asked for again.
        count = sum(event.seq <= self.seq for event in read)
        self._page = count if count < len(read) else min(2 * self._page, channels.PAGE)
        return data

    def _taken(self, events: Iterator[Event]) -> bytes:
        """Take the first of some events."""
        self.is_in_doubt = False
        chunk = bytearray()
        for event in events:
            if chunk and len(chunk) + len(event.data) > CHUNK_BYTES:
                break
            chunk += event.data
            self.seq = event.seq
            self.is_in_doubt |= event.is_about_access
        return bytes(chunk)

    async def wait(self, until: float) -> None:
        """Wait for something to take, at the most up to a time of the event loop's clock.

        Raises:
            StoppedError: Nothing more is told.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                while self._channel.seq <= self.seq:
                    await self._channel.news()
