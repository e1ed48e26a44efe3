"""The settings of this service: those that every service has, and its own.

Django has settings too. Those that differ from one place to another come from here: see
`base_settings.py`.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr
from ipaddress import ip_network
from typing import Annotated
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from app.core.environment import ServiceSettings, load

_HOST = re.compile(r"\*|\.?[a-z0-9][a-z0-9.-]*|\[[0-9a-f:]+\]", re.IGNORECASE)
_SMTP_PORTS = {"smtp": 587, "smtps": 465}


class Settings(ServiceSettings):
    """The settings, read from environment variables and from `.env`; variables go first."""

    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ("localhost", "127.0.0.1", "[::1]")
    redirect_to_https: bool | None = None
    access_token_lifetime: timedelta = Field(default=timedelta(minutes=10), gt=timedelta(0))
    refresh_token_lifetime: timedelta = Field(default=timedelta(days=14), gt=timedelta(0))
    # It has a password in it.
    email_url: SecretStr = SecretStr("console:")
    email_from: str = "noreply@localhost"
    web_threads: int = Field(default=8, ge=1, le=256)

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _hosts_apart(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("allowed_hosts")
    @classmethod
    def _hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for host in value:
            if not _HOST.fullmatch(host):
                raise ValueError(f"{host} is not a host name such as shop.example.com")
        return value

    @field_validator("email_from")
    @classmethod
    def _a_sender(cls, value: str) -> str:
        _, address = parseaddr(value)
        local, _, host = address.rpartition("@")
        if not local or not host or not value.isprintable():
            raise ValueError("must be an address, such as Shop <shop@example.com>")
        return value

    @field_validator("email_url")
    @classmethod
    def _a_way_to_send_mail(cls, value: SecretStr) -> SecretStr:
        mail_server(value.get_secret_value())
        return value

    @field_validator("forwarded_allow_ips")
    @classmethod
    def _addresses(cls, value: str) -> str:
        for name in filter(None, map(str.strip, value.split(","))):
            try:
                _ = name == "*" or ip_network(name)
            except ValueError:
                raise ValueError(
                    f"{name} is not an address such as 10.0.0.1, a network such as 10.0.0.0/8, or *"
                ) from None
        return value

    @property
    def trusts_local_origins(self) -> bool:
        """Whether front ends on this machine, at any port, may use the API from a browser."""
        return self.environment == "development" and not self.cors_origins

    @property
    def redirects_to_https(self) -> bool:
        """Whether plain HTTP is answered with the address under HTTPS: in production, it is."""
        if self.redirect_to_https is None:
            return self.environment == "production"
        return self.redirect_to_https


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: One or more are wrong; the message lists them all.
    """
    return load(Settings)


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
        The server; nothing where mails are written to standard output.

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
