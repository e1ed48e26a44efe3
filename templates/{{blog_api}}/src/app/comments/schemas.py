"""What requests and responses about comments look like."""

from typing import Annotated

from pydantic import BaseModel, StringConstraints

from app.core.schemas import CamelCase, Timestamp
from app.core.text import Paragraphs
from app.profiles.schemas import Profile

CommentBody = Annotated[Paragraphs, StringConstraints(max_length=10_000)]


class NewComment(BaseModel):
    """A comment to be made."""

    body: CommentBody


class NewCommentRequest(BaseModel):
    """The body of a new comment."""

    comment: NewComment


class CommentView(CamelCase):
    """A comment."""

    id: int
    created_at: Timestamp
    updated_at: Timestamp
    body: str
    author: Profile


class CommentResponse(BaseModel):
    """One comment."""

    comment: CommentView


class CommentsResponse(BaseModel):
    """The comments on an article, newest first."""

    comments: list[CommentView]
