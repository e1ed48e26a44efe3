"""How mail is sent: the settings that say so, for every service that sends any."""

from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr, field_validator

from app.core.environment import ServiceSettings

_SMTP_PORTS = {"smtp": 587, "smtps": 465}


class MailSettings(ServiceSettings):
    """The settings of services that send mail."""

    # It has a password in it.
    email_url: SecretStr = SecretStr("console:")
    email_from: str = "noreply@localhost"

    @field_validator("email_from")
    @classmethod
    def _a_sender(cls, value: str) -> str:
        _, address = parseaddr(value)
        local, _, host = address.rpartition("@")
        if not local or not host or not value.isprintable():
            raise ValueError("must be an address, such as Team <team@example.com>")
        return value

    @field_validator("email_url")
    @classmethod
    def _a_way_to_send_mail(cls, value: SecretStr) -> SecretStr:
        mail_server(value.get_secret_value())
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """A server that takes mail.

    Attributes:
        host: Its name.
        port: Its port.
        user: Who sends; empty where it does not ask.
        password: Their password.
        encrypted_at_once: Whether TLS comes before everything else, and not after the greeting.
    """

    host: str
    port: int
    user: str
    password: str
    encrypted_at_once: bool


def mail_server(url: str) -> MailServer | None:
    """Read a URL that says how mail is sent.

    Args:
        url: As in the setting `EMAIL_URL`: `console:`, or `smtp://user:password@host:587`, or the
            same with `smtps://`.

    Returns:
        The server; nothing where mails are only shown to whoever runs the service.

    Raises:
        ValueError: It is none of these.
    """
    if url == "console:":
        return None
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        host = None
    if host is None or parts.scheme not in _SMTP_PORTS:
        raise ValueError("must be console:, or smtp:// or smtps:// and user:password@host:port")
    return MailServer(
        host=host,
        port=port or _SMTP_PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        encrypted_at_once=parts.scheme == "smtps",
    )
