"""Routes: the history of a project, and of a task."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.activity import queries
from app.activity.schemas import ActivityPage, ActivityQuery
from app.core.dependencies import SessionDep
from app.core.pages import ONE_OF_EACH
from app.core.transactions import TransactionalRoute
from app.projects.keys import ProjectKey
from app.responses import errors
from app.tasks.keys import TaskKey
from app.users.dependencies import CurrentUser

router = APIRouter(route_class=TransactionalRoute, tags=["Activity"])

Wanted = Annotated[ActivityQuery, Query()]


@router.get("/projects/{key}/activity", responses=errors(401, 404, 422), dependencies=[ONE_OF_EACH])
async def list_project_activity(
    key: ProjectKey, wanted: Wanted, session: SessionDep, user: CurrentUser
) -> ActivityPage:
    """Read what happened in a project, in order."""
    return await queries.list_of_project(session, user, key, wanted)


@router.get("/tasks/{key}/activity", responses=errors(401, 404, 422), dependencies=[ONE_OF_EACH])
async def list_task_activity(
    key: TaskKey, wanted: Wanted, session: SessionDep, user: CurrentUser
) -> ActivityPage:
    """Read what happened to a task, in order; also to one that was removed."""
    return await queries.list_of_task(session, user, key, wanted)
