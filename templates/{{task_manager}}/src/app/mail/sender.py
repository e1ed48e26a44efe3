"""Sends what waits in the outbox, beside the requests of the same process."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from fastapi import FastAPI
from sqlalchemy import delete, exists, select, update
from sqlalchemy.exc import SQLAlchemyError

from app.core.application import Running
from app.core.database import Database
from app.core.mail import MailSettings, mail_server
from app.core.models import now
from app.core.problems import cause_of
from app.mail.delivery import NotConnectedError, RefusedError, deliver
from app.mail.models import ERROR_LENGTH, Mail

IDLE_SECONDS = 2.0
TROUBLE_SECONDS = 30.0
"""How long nothing is tried when the mail server or the database does not work."""

SECONDS = 20.0
"""How long sending one mail may take."""

ATTEMPTS = 7
FIRST_PAUSE = timedelta(minutes=1)
"""How long until a mail is tried again; four times as long after each further attempt, which makes
most of a day in all. Longer than sending takes, or two senders would send it at once."""

KEPT = timedelta(days=14)
"""How long it can be seen what became of a mail."""

CARE_SECONDS = 3600.0

logger = logging.getLogger(__name__)


class Sender:
    """Sends mails, one after the other. Several may be at work, in one process or in many.

    A mail is sent at least once. Whoever takes one puts off its next attempt and commits that, so
    nothing is locked while the mail server is talked to, and nobody else sends it meanwhile. If the
    process ends in between, the mail is tried again when that time has come. So it is sent twice if
    the process or the database ends after the server has taken it, and before it is recorded.

    Args:
        database: Where mails wait.
        settings: How they are sent, and from whom.
        seconds: How long sending one may take.
    """

    def __init__(
        self, database: Database, settings: MailSettings, *, seconds: float = SECONDS
    ) -> None:
        self._database = database
        self._from = settings.email_from
        self.server = mail_server(settings.email_url.get_secret_value())
        self._seconds = seconds

    async def run(self, stop: asyncio.Event) -> None:
        """Send mails until somebody says stop; the one that is being sent is finished first."""
        clock = asyncio.get_running_loop().time
        forgotten = -CARE_SECONDS
        while not stop.is_set():
            try:
                if clock() - forgotten >= CARE_SECONDS:
                    await self.forget_old()
                    forgotten = clock()
                pause = await self.send_next()
            except Exception as error:
                # Whatever it is: mails wait, and are sent when it is over.
                expected = isinstance(error, (SQLAlchemyError, OSError))
                cause = {"cause": cause_of(error)}
                logger.warning("mails cannot be sent", extra=cause, exc_info=not expected)
                pause = TROUBLE_SECONDS
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await stop.wait()

    async def send_next(self) -> float:
        """Send the mail that has waited the longest.

        Returns:
            How many seconds to wait before the next one is asked for.
        """
        mail = await self._take()
        if mail is None:
            return IDLE_SECONDS
        try:
            await deliver(mail, self._from, self.server, seconds=self._seconds)
        except RefusedError as error:
            await self._record_failure(mail, error, for_good=error.for_good)
        except NotConnectedError as error:
            await self._record_failure(mail, error.cause, logged=True)
            return TROUBLE_SECONDS
        except Exception as error:  # noqa: BLE001 - whatever it is, later mails are tried as well
            await self._record_failure(mail, error)
            return TROUBLE_SECONDS
        else:
            await self._record(mail, sent_at=now(), next_attempt_at=None, last_error=None, text="")
            logger.info("mail sent", extra={"mail": mail.id})
        return 0

    async def forget_old(self) -> None:
        """Remove mails that were sent or given up long ago."""
        old = (Mail.next_attempt_at.is_(None), Mail.created_at < now() - KEPT)
        async with self._database.session(read_only=True) as session:
            if not await session.scalar(select(exists().where(*old))):
                return
        async with self._database.session() as session:
            await session.execute(delete(Mail).where(*old))
            await session.commit()

    async def _take(self) -> Mail | None:
        """Take a mail that is due, so that no other sender does."""
        moment = now()
        due = Mail.next_attempt_at <= moment
        # Without a lock: on SQLite there is one, and asking for it every moment disturbs others.
        async with self._database.session(read_only=True) as session:
            if not await session.scalar(select(exists().where(due))):
                return None
        first = select(Mail).where(due).order_by(Mail.next_attempt_at, Mail.id).limit(1)
        async with self._database.session() as session:
            mail = await session.scalar(first.with_for_update(skip_locked=True))
            if mail is not None:
                mail.next_attempt_at = moment + FIRST_PAUSE * 4**mail.attempts
                mail.attempts += 1
                await session.commit()
            return mail

    async def _record_failure(
        self, mail: Mail, error: Exception, *, for_good: bool = False, logged: bool = False
    ) -> None:
        # Servers may answer in bytes that are no text, which databases do not store.
        told = "".join(sign if sign.isprintable() else "?" for sign in str(error))
        problem = f"{type(error).__name__}: {told}"[:ERROR_LENGTH]
        # What servers answer about a mail has addresses in it: it is for the table alone.
        shown = problem if logged else type(error).__name__
        known = {"mail": mail.id, "attempts": mail.attempts, "error": shown}
        if for_good or mail.attempts >= ATTEMPTS:
            await self._record(mail, next_attempt_at=None, last_error=problem)
            logger.error("mail given up", extra=known)
        else:
            await self._record(mail, last_error=problem)
            logger.warning("mail not sent, and tried again later", extra=known)

    async def _record(self, mail: Mail, **values: object) -> None:
        async with self._database.session() as session:
            await session.execute(update(Mail).where(Mail.id == mail.id).values(**values))
            await session.commit()


def running(settings: MailSettings) -> Running:
    """What sends mails for as long as an application serves.

    Args:
        settings: How mails are sent, and from whom.
    """

    @asynccontextmanager
    async def run(app: FastAPI) -> AsyncIterator[None]:
        sender, stop = Sender(app.state.database, settings), asyncio.Event()
        if sender.server is None and settings.environment == "production":
            logger.warning("e-mail goes to the log and to nobody: set EMAIL_URL")
        task = asyncio.create_task(sender.run(stop))
        try:
            yield
        finally:
            stop.set()
            await task

    return run
