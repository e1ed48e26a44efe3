"""Settings that every service has, whatever it is built on, and how settings are read.

Everything that differs from one place to another is an environment variable; `.env.example` lists
them. In development nothing need be set. `settings.py` adds those of this service.
"""

import re
from functools import cached_property
from typing import Annotated, Literal, Self, TypeVar
from urllib.parse import parse_qs, urlsplit

from limits import RateLimitItem, parse, parse_many
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.core.logs import LogFormat

SHORTEST_SECRET = 32
# For development alone: it is public, so whoever knows it can sign in as anybody.
DEVELOPMENT_SECRET = "development-only-not-a-secret-at-all"  # noqa: S105 - that is its point

_ORIGIN = re.compile(r"\*|https?://[^/\s,]+")
_IN_MEMORY = {"", "/", "/:memory:"}

# What Pydantic says in the words of those who write Python.
_IN_OUR_WORDS = {"time_delta_parsing": "must be a duration such as PT10M or P7D"}

AnySettings = TypeVar("AnySettings", bound=BaseSettings)


class SettingsError(Exception):
    """Settings are missing or wrong; the message names each variable and says what to do."""


class ServiceSettings(BaseSettings):
    """The settings, read from environment variables and from `.env`; variables go first."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore"
    )

    environment: Literal["development", "production"] = "development"
    database_url: str = "sqlite:///app.db"
    secret_key: SecretStr = SecretStr("")
    login_limit: str = "10/minute"
    cors_origins: Annotated[tuple[str, ...], NoDecode] = ()
    max_body_bytes: int = Field(default=1_048_576, ge=1024)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: LogFormat | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    shutdown_seconds: int = Field(default=20, ge=0)
    forwarded_allow_ips: str = "127.0.0.1"
    web_concurrency: int = Field(default=1, ge=1, le=64)

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split_at_commas(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
        return value

    @field_validator("cors_origins")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(f"{origin} is not an origin such as http://localhost:4200, nor *")
        return value

    @field_validator("database_url")
    @classmethod
    def _a_database_that_we_know(cls, value: str) -> str:
        scheme, separator, _ = value.partition("://")
        try:
            url = urlsplit(value)
            _ = url.port  # a number, if there is one
            # They may be parameters as well, for several hosts.
            for ports in parse_qs(url.query).get("port", ()):
                _ = [int(port) for port in ports.split(",")]
        except ValueError:
            separator = ""
        if not separator:
            raise ValueError("is not a URL such as sqlite:///app.db")
        if scheme in {"postgres", "postgresql"}:
            return value
        if scheme == "sqlite" and not url.netloc and url.path not in _IN_MEMORY:
            return value
        raise ValueError("must begin with postgresql:// or name a file, as sqlite:///app.db does")

    @field_validator("login_limit")
    @classmethod
    def _a_rate(cls, value: str) -> str:
        try:
            rates = parse_many(value)
        except ValueError:
            rates = []
        if len(rates) != 1 or rates[0].amount < 1:
            raise ValueError("must be a number of tries and a time, such as 10/minute")
        return value

    @model_validator(mode="after")
    def _production_has_a_secret(self) -> Self:
        secret = self.secret_key.get_secret_value()
        if not secret and self.environment == "development":
            self.secret_key = SecretStr(DEVELOPMENT_SECRET)
        elif len(secret) < SHORTEST_SECRET or (
            secret == DEVELOPMENT_SECRET and self.environment == "production"
        ):
            raise ValueError(
                f"SECRET_KEY must have at least {SHORTEST_SECRET} characters and be secret:"
                ' python -c "import secrets; print(secrets.token_urlsafe(48))"'
            )
        return self

    @cached_property
    def login_rate(self) -> RateLimitItem:
        """How many attempts to sign in are allowed in which time."""
        return parse(self.login_limit)

    @property
    def logs_as(self) -> LogFormat:
        """The format of logs: text for people in development, JSON for collectors elsewhere."""
        return self.log_format or ("text" if self.environment == "development" else "json")


def load(kind: type[AnySettings]) -> AnySettings:
    """Read the settings of a service.

    Args:
        kind: The class that says which there are.

    Raises:
        SettingsError: One or more are wrong; the message lists them all.
    """
    try:
        return kind()
    except ValidationError as error:
        lines = [
            _sentence(problem["loc"], _IN_OUR_WORDS.get(problem["type"], problem["msg"]))
            for problem in error.errors()
        ]
        raise SettingsError("\n".join(lines)) from None


def _sentence(location: tuple[int | str, ...], message: str) -> str:
    message = message.removeprefix("Value error, ")
    # A rule about several settings has no place of its own; its message names them.
    return f"{str(location[0]).upper()}: {message}" if location else message
