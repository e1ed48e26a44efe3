"""Hands one mail over: to a mail server, or to the log."""

import asyncio
import logging
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from textwrap import indent

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
)
from email_validator import validate_email

from app.core.mail import MailServer
from app.mail.models import Mail

QUIT_SECONDS = 2
# Answers from here on are for good, those below for now: RFC 5321, section 4.2.1.
FOR_GOOD = 500

logger = logging.getLogger(__name__)


class RefusedError(Exception):
    """The mail server works, and does not take this mail.

    Attributes:
        for_good: Whether it will not take it later either.
    """

    def __init__(self, message: str, *, for_good: bool) -> None:
        super().__init__(message)
        self.for_good = for_good

    @classmethod
    def of(cls, answer: SMTPResponseException) -> "RefusedError":
        """What the server answered."""
        return cls(f"{answer.code} {answer.message}", for_good=answer.code >= FOR_GOOD)


class NotConnectedError(Exception):
    """The mail server cannot be used. It has not been told of any mail yet.

    Attributes:
        cause: What is wrong. It names no recipient, so it may be logged.
    """

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


async def deliver(mail: Mail, sender: str, server: MailServer | None, *, seconds: float) -> None:
    """Hand a mail over.

    Args:
        mail: The mail.
        sender: Whom it comes from.
        server: The mail server; without one, the mail is written to the log.
        seconds: How long it may take.

    Raises:
        NotConnectedError: The server cannot be reached, or does not work as the settings have it.
        RefusedError: The server does not take this mail.
        SMTPException: The server does not work.
        OSError: The connection broke, or it took too long.
    """
    if server is None:
        # Indented, so that no line of it looks like one of the log.
        shown = indent(f"To: {mail.recipient}\nSubject: {mail.subject}\n\n{mail.text}", "    ")
        logger.info("mail, sent to nobody:\n%s", shown)
        return
    client = SMTP(
        hostname=server.host,
        port=server.port,
        username=server.user or None,
        password=server.password or None,
        use_tls=server.encrypted_at_once,
        start_tls=not server.encrypted_at_once,
        timeout=seconds,
    )
    try:
        # The library limits each step. A server that is slow at all of them takes too long as well.
        async with asyncio.timeout(seconds):
            await _connect(client)
            await _send(client, message_of(mail, sender))
        # It has the mail. If it does not answer the good-bye, that makes no difference.
        with suppress(SMTPException):
            await client.quit(timeout=QUIT_SECONDS)
    except SMTPRecipientsRefused as error:
        raise RefusedError.of(error.recipients[0]) from error
    except SMTPDataError as error:
        raise RefusedError.of(error) from error
    finally:
        client.close()


async def _connect(client: SMTP) -> None:
    try:
        await client.connect()
    except (SMTPException, OSError) as error:
        raise NotConnectedError(error) from error


async def _send(client: SMTP, message: EmailMessage) -> None:
    try:
        await client.send_message(message)
    except SMTPNotSupported as error:
        # The address has letters that this server knows nothing of: RFC 6531.
        raise RefusedError(str(error), for_good=True) from error


def message_of(mail: Mail, sender: str) -> EmailMessage:
    """Write a mail as it is sent.

    It is the same at each attempt: whoever gets it twice can tell by its id.
    """
    # Also domains with other letters than ASCII are reached by servers that know only ASCII.
    to = validate_email(mail.recipient, check_deliverability=False, test_environment=True)
    _, _, own_domain = parseaddr(sender)[1].rpartition("@")
    message = EmailMessage()
    message["From"] = sender
    message["To"] = Address(username=to.local_part, domain=to.ascii_domain)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = f"<{mail.id}.{mail.created_at.timestamp():.3f}@{own_domain}>"
    # Nobody on holiday need answer: RFC 3834.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message
