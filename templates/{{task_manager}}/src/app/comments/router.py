"""Routes: comments."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from app.comments import service
from app.comments.schemas import CommentQuery, CommentText, CommentView, RenderQuery
from app.core.dependencies import SessionDep
from app.core.pages import ONE_OF_EACH, Page
from app.core.responses import UNREADABLE_BODY
from app.core.text import Identifier
from app.core.transactions import TransactionalRoute
from app.responses import LOCATION, errors, locate
from app.tasks.keys import TaskKey
from app.users.dependencies import CurrentUser

router = APIRouter(
    route_class=TransactionalRoute, prefix="/tasks/{key}/comments", tags=["Comments"]
)

RENDERING: dict[int | str, Any] = {
    429: errors(429)[429] | {"description": "You are having other comments rendered already"}
}


@router.get("", responses={**errors(401, 404, 422), **RENDERING}, dependencies=[ONE_OF_EACH])
async def list_comments(
    key: TaskKey,
    wanted: Annotated[CommentQuery, Query()],
    session: SessionDep,
    user: CurrentUser,
) -> Page[CommentView]:
    """List the comments on a task, the oldest first."""
    return await service.list_comments(session, user, key, wanted)


@router.post(
    "",
    status_code=201,
    responses={**errors(401, 403, 404, *UNREADABLE_BODY), 201: {"headers": LOCATION}},
)
async def add_comment(
    key: TaskKey,
    body: CommentText,
    session: SessionDep,
    *,
    user: CurrentUser,
    request: Request,
    response: Response,
) -> CommentView:
    """Comment on a task. `@name` tells a member that they are mentioned."""
    prose = await service.prose_of(session, body.body)
    comment = await service.add(session, user, key, body.body, prose=prose)
    locate(request, response, "get_comment", key=key, id=comment.id)
    return comment


@router.get("/{id}", responses={**errors(401, 404, 422), **RENDERING}, dependencies=[ONE_OF_EACH])
async def get_comment(
    key: TaskKey,
    id: Identifier,  # noqa: A002 - its name in the address
    wanted: Annotated[RenderQuery, Query()],
    session: SessionDep,
    user: CurrentUser,
) -> CommentView:
    """Read a comment, such as one that you were notified of."""
    return await service.get(session, user, key, id, wanted)


@router.patch("/{id}", responses=errors(401, 403, 404, *UNREADABLE_BODY))
async def change_comment(
    key: TaskKey,
    id: Identifier,  # noqa: A002 - its name in the address
    body: CommentText,
    session: SessionDep,
    user: CurrentUser,
) -> CommentView:
    """Change your comment. Those whom it mentions are told who have not been told of it yet."""
    prose = await service.prose_of(session, body.body)
    return await service.change(session, user, key, id, body.body, prose=prose)


@router.delete("/{id}", status_code=204, responses=errors(401, 403, 404, 422))
async def remove_comment(
    key: TaskKey,
    id: Identifier,  # noqa: A002 - its name in the address
    session: SessionDep,
    user: CurrentUser,
) -> None:
    """Remove your comment."""
    await service.remove(session, user, key, id)
