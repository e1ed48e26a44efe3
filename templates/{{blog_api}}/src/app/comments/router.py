"""Routes: comments."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.articles.schemas import SlugPath
from app.comments import service
from app.comments.schemas import CommentQuery, CommentResponse, CommentsResponse, NewCommentRequest
from app.core.dependencies import SessionDep
from app.core.responses import UNREADABLE_BODY
from app.core.text import Identifier
from app.core.transactions import TransactionalRoute
from app.responses import errors
from app.users.dependencies import OPTIONAL_TOKEN, CurrentUser, Viewer

router = APIRouter(
    route_class=TransactionalRoute, prefix="/articles/{slug}/comments", tags=["Comments"]
)


@router.get("", responses=errors(401, 404, 422), openapi_extra=OPTIONAL_TOKEN)
async def get_article_comments(
    slug: SlugPath, page: Annotated[CommentQuery, Query()], session: SessionDep, viewer: Viewer
) -> CommentsResponse:
    """List the comments on an article, newest first."""
    return CommentsResponse(comments=await service.list_comments(session, viewer, slug, page))


@router.post("", responses=errors(401, 404, *UNREADABLE_BODY))
async def create_article_comment(
    slug: SlugPath, body: NewCommentRequest, session: SessionDep, user: CurrentUser
) -> CommentResponse:
    """Comment on an article."""
    return CommentResponse(comment=await service.add(session, user, slug, body.comment))


@router.delete("/{id}", status_code=204, responses=errors(401, 403, 404, 422))
async def delete_article_comment(
    slug: SlugPath,
    id: Identifier,  # noqa: A002 - the specification's name
    session: SessionDep,
    user: CurrentUser,
) -> None:
    """Remove a comment: your own, or as a moderator any."""
    await service.remove(session, user, slug, id)
