"""Routes: comments."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.comments import service
from app.comments.schemas import CommentQuery, CommentText, CommentView
from app.core.dependencies import SessionDep
from app.core.pages import Page
from app.core.responses import UNREADABLE_BODY
from app.core.text import Identifier
from app.core.transactions import TransactionalRoute
from app.responses import errors
from app.tasks.keys import TaskKey
from app.users.dependencies import CurrentUser

router = APIRouter(
    route_class=TransactionalRoute, prefix="/tasks/{key}/comments", tags=["Comments"]
)


@router.get("", responses=errors(401, 404, 422))
async def list_comments(
    key: TaskKey,
    wanted: Annotated[CommentQuery, Query()],
    session: SessionDep,
    user: CurrentUser,
) -> Page[CommentView]:
    """List the comments on a task, the oldest first."""
    return await service.list_comments(session, user, key, wanted)


@router.post("", status_code=201, responses=errors(401, 403, 404, *UNREADABLE_BODY))
async def add_comment(
    key: TaskKey, body: CommentText, session: SessionDep, user: CurrentUser
) -> CommentView:
    """Comment on a task. `@name` tells a member that they are mentioned."""
    return await service.add(session, user, key, body.body)


@router.patch("/{id}", responses=errors(401, 403, 404, *UNREADABLE_BODY))
async def change_comment(
    key: TaskKey,
    id: Identifier,  # noqa: A002 - its name in the address
    body: CommentText,
    session: SessionDep,
    user: CurrentUser,
) -> CommentView:
    """Change your comment."""
    return await service.change(session, user, key, id, body.body)


@router.delete("/{id}", status_code=204, responses=errors(401, 403, 404, 422))
async def remove_comment(
    key: TaskKey,
    id: Identifier,  # noqa: A002 - its name in the address
    session: SessionDep,
    user: CurrentUser,
) -> None:
    """Remove your comment."""
    await service.remove(session, user, key, id)
