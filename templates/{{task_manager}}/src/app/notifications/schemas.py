"""What requests and responses about notifications look like."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from app.core.pages import LONGEST, Page, PageQuery
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


class NotificationPage(Page[NotificationView]):
    """A part of what somebody was notified of."""

    unread: int = Field(description="How many you have not read, on all pages.")


class ReadMark(BaseModel):
    """Whether something has been read."""

    model_config = ConfigDict(extra="forbid", strict=True)

    read: bool


def _whole(value: object) -> object:
    # To JSON 1.0 is a whole number, and to Python in earnest it is none.
    return int(value) if isinstance(value, float) and value.is_integer() else value


NotificationId = Annotated[int, Field(ge=1, le=GREATEST_EXACT), BeforeValidator(_whole)]


class ReadMarks(BaseModel):
    """Which notifications have been read."""

    model_config = ConfigDict(extra="forbid", strict=True)

    read: list[NotificationId] = Field(
        min_length=1, max_length=LONGEST, description="The ids of those that you have seen."
    )


class Marked(BaseModel):
    """How many notifications were marked."""

    marked: int = Field(description="Those that were read before do not count.")
