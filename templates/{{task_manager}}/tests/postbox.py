"""A mail server on this machine, which keeps what it is sent."""

import asyncio
import email.policy
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "127.0.0.1"
USER, PASSWORD = "tasks@example.com", "p/w"
LOGIN = "tasks%40example.com:p%2Fw"
"""Both, as they stand in a URL."""


class Postbox:
    """A mail server that speaks with whoever signs in over TLS.

    Attributes:
        port: Where it listens, once it has been opened; it stays the same afterwards.
        mails: What it took.
        answers: What it says to mails for an address, in place of taking them.
        verdict: What it says when it has read a mail.
        delay: For how many seconds it thinks about an address, and about a mail.
        arrived: Set when it has read a mail, and has not answered yet.
        go_on: It answers once this is set.
    """

    def __init__(self) -> None:
        self.port = 0
        self.mails: list[EmailMessage] = []
        self.answers: dict[str, str | bytes] = {}
        self.verdict = "250 OK"
        self.delay = 0.0
        self.arrived = asyncio.Event()
        self.go_on = asyncio.Event()
        self.go_on.set()
        authority = trustme.CA()
        self._authority = authority.cert_pem
        self._context = SSLContext(PROTOCOL_TLS_SERVER)
        authority.issue_cert(HOST).configure_cert(self._context)

    def write_authority(self, folder: Path) -> str:
        """Write who vouches for this server into a file, and return its path."""
        path = folder / "authority.pem"
        self._authority.write_to_path(path)
        return str(path)

    def url(self, login: str = LOGIN, *, scheme: str = "smtp") -> str:
        """What `EMAIL_URL` is, to use it."""
        return f"{scheme}://{login}@{HOST}:{self.port}"

    @property
    def recipients(self) -> Sequence[str]:
        """To whom the mails are that it took."""
        return [mail["To"] for mail in self.mails]

    @asynccontextmanager
    async def open(
        self,
        *,
        encrypted_at_once: bool = False,
        encrypted: bool = True,
        any_letters: bool = True,
    ) -> AsyncIterator[None]:
        """Listen.

        Args:
            encrypted_at_once: By TLS from the first byte on, and not by STARTTLS.
            encrypted: By TLS at all.
            any_letters: Whether it knows addresses with other letters than ASCII.
        """
        loop = asyncio.get_running_loop()
        options: dict[str, Any] = {"auth_required": True, "authenticator": _authenticate}
        if encrypted_at_once or not encrypted:
            # The library does not see that there is TLS around it.
            options["auth_require_tls"] = options["auth_required"] = False
        else:
            options |= {"tls_context": self._context, "require_starttls": True}
        server = await loop.create_server(
            lambda: SMTP(
                self, loop=loop, hostname="localhost", enable_SMTPUTF8=any_letters, **options
            ),
            HOST,
            self.port,
            ssl=self._context if encrypted_at_once else None,
        )
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            server.close()

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str | bytes:
        """Say whether it takes mail for somebody."""
        await asyncio.sleep(self.delay)
        if answer := self.answers.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Take a mail."""
        self.arrived.set()
        await asyncio.sleep(self.delay)
        await self.go_on.wait()
        assert isinstance(envelope.content, bytes)
        if self.verdict.startswith("250"):
            parser = BytesParser(EmailMessage, policy=email.policy.default)
            self.mails.append(parser.parsebytes(envelope.content))
        return self.verdict


def _authenticate(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, known: object
) -> AuthResult:
    right = known == LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)
