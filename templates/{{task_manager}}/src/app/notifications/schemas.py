"""What requests and responses about notifications look like."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.core.pages import PageQuery
from app.core.schemas import Timestamp
from app.notifications.models import Reason

GREATEST_EXACT = 2**53 - 1
"""The greatest whole number that all programs read alike in JSON: RFC 8259, section 6."""


class NotificationQuery(PageQuery):
    """Which notifications are wanted."""

    read: Annotated[bool | None, Field(description="Whether they have been read.")] = None


class NotificationView(BaseModel):
    """Something that somebody should look at."""

    id: int
    reason: Reason
    actor: str = Field(description="Who mentioned you, or gave you the task.")
    task: str = Field(description="The key of the task.", examples=["WEB-12"])
    title: str = Field(description="The title of the task.")
    comment: int | None = Field(description="The number of the comment that mentions you.")
    created_at: Timestamp
    read: bool


class ReadMark(BaseModel):
    """Whether something has been read."""

    model_config = ConfigDict(extra="forbid", strict=True)

    read: bool


class ReadUntil(BaseModel):
    """Up to which notification everything has been read."""

    model_config = ConfigDict(extra="forbid", strict=True)

    read_until: int = Field(
        ge=1, le=GREATEST_EXACT, description="The newest notification that you have seen."
    )


class Marked(BaseModel):
    """How many notifications were marked."""

    marked: int
