"""How data looks on the wire."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainSerializer
from pydantic.alias_generators import to_camel


class CamelCase(BaseModel):
    """Names as JavaScript writes them: `created_at` is `createdAt` on the wire."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


def _iso(moment: datetime) -> str:
    # All moments are UTC: see `app/core/models.py`.
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


Timestamp = Annotated[datetime, PlainSerializer(_iso, return_type=str, when_used="json")]
"""A moment as JavaScript writes it: in UTC, always with milliseconds."""
