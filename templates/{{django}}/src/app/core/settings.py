"""The settings of this service: those that every service has, and its own.

Django has settings too. Those that differ from one place to another come from here: see
`base_settings.py`.
"""

import re
from datetime import timedelta
from ipaddress import ip_network
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import NoDecode

from app.core.environment import load
from app.core.mail import MailSettings

_HOST = re.compile(r"\*|\.?[a-z0-9][a-z0-9.-]*|\[[0-9a-f:]+\]", re.IGNORECASE)


class Settings(MailSettings):
    """The settings, read from environment variables and from `.env`; variables go first."""

    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ("localhost", "127.0.0.1", "[::1]")
    redirect_to_https: bool | None = None
    access_token_lifetime: timedelta = Field(default=timedelta(minutes=10), gt=timedelta(0))
    refresh_token_lifetime: timedelta = Field(default=timedelta(days=14), gt=timedelta(0))
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
