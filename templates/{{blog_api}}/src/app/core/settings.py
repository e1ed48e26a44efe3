"""The settings of this service: those that every service has, and its own."""

from datetime import timedelta

from pydantic import Field

from app.core.base_settings import BaseSettings
from app.core.environment import load


class Settings(BaseSettings):
    """The settings, read from environment variables and from `.env`; variables go first."""

    token_lifetime: timedelta = Field(default=timedelta(days=7), gt=timedelta(0))


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: One or more are wrong; the message lists them all.
    """
    return load(Settings)
