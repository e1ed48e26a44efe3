"""The settings of this service: those that every service has, and its own."""

from datetime import timedelta
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from app.core.base_settings import BaseSettings
from app.core.environment import load
from app.core.mail import MailSettings


class Settings(MailSettings, BaseSettings):
    """The settings, read from environment variables and from `.env`; variables go first."""

    access_token_lifetime: timedelta = Field(default=timedelta(minutes=10), gt=timedelta(0))
    refresh_token_lifetime: timedelta = Field(default=timedelta(days=14), gt=timedelta(0))
    invitation_lifetime: timedelta = Field(default=timedelta(days=7), gt=timedelta(0))
    front_end_url: str = "http://localhost:5173"

    @field_validator("front_end_url")
    @classmethod
    def _an_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.netloc or not value.isprintable():
            raise ValueError("must be an address such as https://tasks.example.com")
        return value.rstrip("/")


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: One or more are wrong; the message lists them all.
    """
    return load(Settings)
