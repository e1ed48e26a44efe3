"""Routes: tasks."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from app.core.dependencies import SessionDep
from app.core.pages import EachOnce, Page
from app.core.responses import UNREADABLE_BODY
from app.core.transactions import TransactionalRoute
from app.core.versions import IF_MATCH, ExpectedDep, etag
from app.projects.keys import ProjectKey
from app.responses import LOCATION, errors, locate
from app.tasks import queries, service
from app.tasks.keys import TaskKey
from app.tasks.schemas import FullTask, Move, NewTask, TaskChanges, TaskQuery, TaskSummary
from app.users.dependencies import CurrentUser

router = APIRouter(route_class=TransactionalRoute, tags=["Tasks"])

ETAG: dict[str, Any] = {
    "ETag": {"description": "The task's version.", "schema": {"type": "string"}}
}
WITH_ETAG: dict[str, Any] = {"headers": ETAG}


def _tagged(task: FullTask, response: Response) -> FullTask:
    response.headers["ETag"] = etag(task.version)
    return task


@router.get(
    "/projects/{key}/tasks",
    responses=errors(401, 404, 422),
    dependencies=[Depends(EachOnce("status", "priority", "label"))],
)
async def list_tasks(
    key: ProjectKey,
    wanted: Annotated[TaskQuery, Query()],
    session: SessionDep,
    user: CurrentUser,
) -> Page[TaskSummary]:
    """List the tasks of a project: the board, or whatever you filter and sort by."""
    return await queries.list_tasks(session, user, key, wanted)


@router.post(
    "/projects/{key}/tasks",
    status_code=201,
    responses={
        **errors(401, 403, 404, *UNREADABLE_BODY),
        201: {"headers": {**ETAG, **LOCATION}},
    },
)
async def create_task(
    key: ProjectKey,
    body: NewTask,
    session: SessionDep,
    user: CurrentUser,
    *,
    request: Request,
    response: Response,
) -> FullTask:
    """Make a task."""
    task = await service.create(session, user, key, body)
    locate(request, response, "get_task", key=task.key)
    return _tagged(task, response)


@router.get("/tasks/{key}", responses={**errors(401, 404, 422), 200: WITH_ETAG})
async def get_task(
    key: TaskKey, session: SessionDep, user: CurrentUser, response: Response
) -> FullTask:
    """Read a task. Its ETag is needed to change it."""
    return _tagged(await queries.get_task(session, user, key), response)


@router.patch(
    "/tasks/{key}",
    responses={
        **errors(401, 403, 404, 409, 412, 428, *UNREADABLE_BODY),
        200: WITH_ETAG,
    },
    openapi_extra=IF_MATCH,
)
async def change_task(
    key: TaskKey,
    body: TaskChanges,
    session: SessionDep,
    *,
    user: CurrentUser,
    expected: ExpectedDep,
    response: Response,
) -> FullTask:
    """Change a task, in the version that you name."""
    return _tagged(await service.change(session, user, key, expected, body), response)


@router.post(
    "/tasks/{key}/move",
    responses={
        **errors(401, 403, 404, 409, 412, 428, *UNREADABLE_BODY),
        200: WITH_ETAG,
    },
    openapi_extra=IF_MATCH,
)
async def move_task(
    key: TaskKey,
    body: Move,
    session: SessionDep,
    *,
    user: CurrentUser,
    expected: ExpectedDep,
    response: Response,
) -> FullTask:
    """Move a task on the board, in the version that you name."""
    return _tagged(await service.move(session, user, key, expected, body), response)


@router.delete(
    "/tasks/{key}",
    status_code=204,
    responses=errors(401, 403, 404, 409, 412, 422, 428),
    openapi_extra=IF_MATCH,
)
async def remove_task(
    key: TaskKey, session: SessionDep, user: CurrentUser, expected: ExpectedDep
) -> None:
    """Remove a task, in the version that you name, with its comments."""
    await service.remove(session, user, key, expected)
