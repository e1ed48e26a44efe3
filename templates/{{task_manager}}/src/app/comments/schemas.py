"""What requests and responses about comments look like."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.core.pages import PageQuery
from app.core.schemas import Timestamp
from app.core.text import NOT_BLANK

Body = Annotated[
    str, StringConstraints(max_length=10_000), NOT_BLANK, Field(description="Markdown.")
]


class Rendering(StrEnum):
    """In which form the body of a comment is wanted beside the one that it was written in."""

    NONE = "none"
    HTML = "html"


class RenderQuery(BaseModel):
    """How comments are wanted."""

    model_config = ConfigDict(extra="forbid")

    render: Annotated[
        Rendering, Field(description="`html` adds each comment as HTML that is safe to show.")
    ] = Rendering.NONE


class CommentQuery(PageQuery, RenderQuery):
    """Which part of the comments is wanted, and how."""


class CommentText(BaseModel):
    """What a comment says."""

    model_config = ConfigDict(extra="forbid")

    body: Body


class CommentView(BaseModel):
    """A comment."""

    id: int
    author: str
    body: str = Field(description="Markdown, as it was written.")
    html: str | None = Field(description="The same as HTML, if that was asked for.")
    created_at: Timestamp
    edited_at: Timestamp | None
