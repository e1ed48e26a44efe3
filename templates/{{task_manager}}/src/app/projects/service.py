"""What can be done with projects."""

from functools import partial

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.activity.models import Kind
from app.activity.recording import created, differences, record, removed
from app.core.conflicts import conflicts
from app.core.errors import ConflictError
from app.core.models import now
from app.core.pages import Page, PageQuery, page_of, part_of
from app.projects import members
from app.projects.access import enter, enter_to_change
from app.projects.keys import AnyProjectKey
from app.projects.models import Member, Project
from app.projects.roles import Right, Role
from app.projects.schemas import NewProject, ProjectChanges, ProjectView
from app.users.accounts import Account

TAKEN = {
    "uq_projects_key": partial(
        ConflictError, "There is a project with this key already.", code="key_taken"
    )
}


async def list_projects(
    session: AsyncSession, user: Account, wanted: PageQuery
) -> Page[ProjectView]:
    """List the projects that somebody is in, by their keys."""
    query = (
        select(Project, Member.role)
        .join(Member, Member.project_id == Project.id)
        .where(Member.user_id == user.id, Project.removed_at.is_(None))
    )
    query = part_of(query, wanted, (Project.key, AnyProjectKey))
    rows = (await session.execute(query)).all()
    return page_of(
        rows,
        wanted.limit,
        lambda row: view_of(row.Project, Role(row.role)),
        lambda row: [row.Project.key],
    )


async def create(session: AsyncSession, user: Account, new: NewProject) -> ProjectView:
    """Make a project, whose owner is whoever makes it.

    Raises:
        ConflictError: The key is taken.
    """
    project = Project(
        key=new.key,
        name=new.name,
        description=new.description,
        created_at=now(),
    )
    async with conflicts(session, TAKEN):
        session.add(project)
    fields = created(key=new.key, name=new.name, description=new.description)
    record(session, project, user, Kind.PROJECT_CREATED, fields, subject=new.key)
    await members.add(session, project, user, Role.OWNER, actor=user)
    return view_of(project, Role.OWNER)


async def get(session: AsyncSession, user: Account, key: str) -> ProjectView:
    """Read a project.

    Raises:
        NotFoundError: There is no such project.
    """
    access = await enter(session, user, key)
    return view_of(access.project, access.role)


async def change(
    session: AsyncSession, user: Account, key: str, changes: ProjectChanges
) -> ProjectView:
    """Change a project.

    Raises:
        NotFoundError: There is no such project.
        ForbiddenError: The user's role does not allow it.
    """
    access = await enter_to_change(session, user, key, Right.MANAGE)
    project = access.project
    before = {"name": project.name, "description": project.description}
    changed = differences(before, changes.model_dump(exclude_none=True))
    for field, (_, value) in changed.items():
        setattr(project, field, value)
    if changed:
        record(session, project, user, Kind.PROJECT_CHANGED, changed, subject=key)
    await session.flush()
    return view_of(project, access.role)


async def remove(session: AsyncSession, user: Account, key: str) -> None:
    """Remove a project: from now on there is none with this key, and there never will be another.

    Raises:
        NotFoundError: There is no such project.
        ForbiddenError: The user's role does not allow it.
    """
    access = await enter_to_change(session, user, key, Right.OWN)
    project = access.project
    fields = removed(key=project.key, name=project.name, description=project.description)
    record(session, project, user, Kind.PROJECT_REMOVED, fields, subject=key)
    project.removed_at = now()
    await session.flush()


def view_of(project: Project, role: Role) -> ProjectView:
    """What is shown of a project to a member."""
    return ProjectView(
        key=project.key,
        name=project.name,
        description=project.description,
        role=role,
        created_at=project.created_at,
    )
