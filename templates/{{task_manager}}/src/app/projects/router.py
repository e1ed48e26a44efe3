"""Routes: projects and their members."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.core.dependencies import SessionDep
from app.core.pages import ONE_OF_EACH, Page, PageQuery
from app.core.responses import UNREADABLE_BODY
from app.core.transactions import TransactionalRoute
from app.projects import members, service
from app.projects.keys import ProjectKey
from app.projects.schemas import (
    MemberName,
    MemberView,
    NewProject,
    ProjectChanges,
    ProjectView,
    RoleChange,
)
from app.responses import LOCATION, errors, locate
from app.users.dependencies import CurrentUser

router = APIRouter(route_class=TransactionalRoute, prefix="/projects", tags=["Projects"])

Wanted = Annotated[PageQuery, Query()]
Username = Annotated[MemberName, Path(description="The name of a member.", examples=["grace"])]


@router.get("", responses=errors(401, 422), dependencies=[ONE_OF_EACH])
async def list_projects(
    wanted: Wanted, session: SessionDep, user: CurrentUser
) -> Page[ProjectView]:
    """List the projects that you are in, by their keys."""
    return await service.list_projects(session, user, wanted)


@router.post(
    "",
    status_code=201,
    responses={**errors(401, 409, *UNREADABLE_BODY), 201: {"headers": LOCATION}},
)
async def create_project(
    body: NewProject, session: SessionDep, user: CurrentUser, request: Request, response: Response
) -> ProjectView:
    """Make a project. You are its owner."""
    project = await service.create(session, user, body)
    locate(request, response, "get_project", key=project.key)
    return project


@router.get("/{key}", responses=errors(401, 404, 422))
async def get_project(key: ProjectKey, session: SessionDep, user: CurrentUser) -> ProjectView:
    """Read a project."""
    return await service.get(session, user, key)


@router.patch("/{key}", responses=errors(401, 403, 404, *UNREADABLE_BODY))
async def change_project(
    key: ProjectKey, body: ProjectChanges, session: SessionDep, user: CurrentUser
) -> ProjectView:
    """Change a project's name or description."""
    return await service.change(session, user, key, body)


@router.delete("/{key}", status_code=204, responses=errors(401, 403, 404, 422))
async def remove_project(key: ProjectKey, session: SessionDep, user: CurrentUser) -> None:
    """Remove a project, for everybody and for good. Its key is not free afterwards."""
    await service.remove(session, user, key)


@router.get(
    "/{key}/members",
    tags=["Members"],
    responses=errors(401, 404, 422),
    dependencies=[ONE_OF_EACH],
)
async def list_members(
    key: ProjectKey, wanted: Wanted, session: SessionDep, user: CurrentUser
) -> Page[MemberView]:
    """List the members of a project, by their names."""
    return await members.list_members(session, user, key, wanted)


@router.patch(
    "/{key}/members/{username}",
    tags=["Members"],
    responses=errors(401, 403, 404, 409, *UNREADABLE_BODY),
)
async def change_member(
    key: ProjectKey, username: Username, body: RoleChange, session: SessionDep, user: CurrentUser
) -> MemberView:
    """Give a member another role."""
    return await members.change_role(session, user, key, username, body.role)


@router.delete(
    "/{key}/members/{username}",
    tags=["Members"],
    status_code=204,
    responses=errors(401, 403, 404, 409, 422),
)
async def remove_member(
    key: ProjectKey, username: Username, session: SessionDep, user: CurrentUser
) -> None:
    """Have a member leave, or leave yourself. Their tasks are then nobody's."""
    await members.remove(session, user, key, username)
