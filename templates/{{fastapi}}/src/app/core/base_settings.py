"""Settings that every service on FastAPI has; `settings.py` adds those of this service."""

from pydantic import Field

from app.core.environment import ServiceSettings


class BaseSettings(ServiceSettings):
    """The settings, read from environment variables and from `.env`; variables go first."""

    database_pool_size: int = Field(default=10, ge=1, le=500)
