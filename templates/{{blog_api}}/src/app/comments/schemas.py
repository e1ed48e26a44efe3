"""What requests and responses about comments look like."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, Field, StringConstraints

from app.core.names import CamelCaseView
from app.core.pages import INT32, Page
from app.core.schemas import Timestamp
from app.core.text import NOT_BLANK
from app.profiles.schemas import Profile

CommentBody = Annotated[str, StringConstraints(max_length=10_000), NOT_BLANK]


class CommentQuery(Page):
    """Which part of the comments is wanted.

    The specification has no parts here. Nearly always, all comments are in the first.
    """

    longest: ClassVar[int] = 500

    limit: Annotated[
        int, Field(ge=1, le=INT32, description="How many to return; 500 at the most.")
    ] = 500


class NewComment(BaseModel):
    """A comment to be made."""

    body: CommentBody


class NewCommentRequest(BaseModel):
    """The body of a new comment."""

    comment: NewComment


class CommentView(CamelCaseView):
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
