"""What the history looks like on the wire."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app.activity.models import Kind
from app.core.pages import Limit
from app.core.schemas import Timestamp
from app.core.text import GREATEST_ID


class Order(StrEnum):
    """In which order entries are listed."""

    OLDEST = "oldest"
    NEWEST = "newest"


class ActivityQuery(BaseModel):
    """Which part of a history is wanted."""

    model_config = ConfigDict(extra="forbid")

    order: Annotated[Order, Field(description="Which entries come first.")] = Order.OLDEST
    after: Annotated[
        int | None,
        Field(ge=0, le=GREATEST_ID, description="Begin after this entry, in this order."),
    ] = None
    limit: Limit = 50


class ActivityView(BaseModel):
    """One change."""

    id: int = Field(description="Its number in the project's history: 1, 2, 3, ... without gaps.")
    at: Timestamp
    actor: str = Field(description="The name of who made it.")
    kind: Kind
    task: str | None = Field(
        description="The key of the task that it is about.", examples=["WEB-12"]
    )
    subject: str = Field(
        description="What exactly it is about: the key of the project or task, the name of the"
        " member, the number of the comment or invitation."
    )
    changes: dict[str, list[Any]] = Field(
        description="What each field was, and what it is.", examples=[{"title": ["Old", "New"]}]
    )


class ActivityPage(BaseModel):
    """A part of a history."""

    items: list[ActivityView]
    next: int | None = Field(description="The next part's `after`; null if there is nothing more.")
