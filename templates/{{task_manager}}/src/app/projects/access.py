"""Who gets into a project, and how far. Every route about a project goes through here."""

from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import ForbiddenError, NotFoundError
from app.projects.models import Member, Project
from app.projects.roles import Right, Role, givers, gives, least, may
from app.users.accounts import Account


@dataclass(frozen=True, slots=True)
class Access:
    """Somebody who is in a project.

    Attributes:
        project: The project; locked if it was entered to change something.
        role: What they are there.
        user: Who they are.
    """

    project: Project
    role: Role
    user: Account

    def require(self, right: Right) -> None:
        """Go on only with a right.

        Raises:
            ForbiddenError: Their role does not have it.
        """
        if not may(self.role, right):
            needed = least(right)
            raise ForbiddenError(
                f"You are {self.role.with_article} in this project; this takes"
                f" {needed.with_article}. Ask {givers(needed)}."
            )

    def require_giving(self, *roles: Role) -> None:
        """Go on only if they may give all of these roles, and take them away.

        Raises:
            ForbiddenError: They may not.
        """
        if not gives(self.role, *roles):
            refused = next(role for role in roles if not gives(self.role, role))
            raise ForbiddenError(
                f"You are {self.role.with_article} in this project, and do not decide who is"
                f" {refused.with_article}. Ask {givers(*roles)}."
            )


async def enter(
    session: AsyncSession, user: Account, key: str, right: Right = Right.READ
) -> Access:
    """Find a project that somebody is a member of, to read in it.

    Raises:
        NotFoundError: There is no such project, or they are no member: nobody else learns which.
        ForbiddenError: They are, and may not do this.
    """
    return await _enter(session, user, _project_of(user, key), right)


async def enter_to_change(
    session: AsyncSession, user: Account, key: str, right: Right = Right.WORK
) -> Access:
    """The same to change something: others who want to wait until this is committed.

    Raises:
        NotFoundError: There is no such project, or they are no member.
        ForbiddenError: They are, and may not do this.
    """
    # The membership too: who waited here while it was taken away is to find that out.
    query = _project_of(user, key).with_for_update(of=[Project, Member], key_share=True)
    return await _enter(session, user, query, right)


async def lock(session: AsyncSession, project_id: int) -> Project | None:
    """Lock a project for somebody who is no member yet; none if it was removed."""
    query = (
        select(Project)
        .where(Project.id == project_id, Project.removed_at.is_(None))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return await session.scalar(query)


def _project_of(user: Account, key: str) -> Select[Project, str]:
    return (
        select(Project, Member.role)
        .join(Member, Member.project_id == Project.id)
        .where(
            Project.key == key,
            Project.removed_at.is_(None),
            Member.user_id == user.id,
        )
        .execution_options(populate_existing=True)
    )


async def _enter(
    session: AsyncSession, user: Account, query: Select[Project, str], right: Right
) -> Access:
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise NotFoundError("There is no project with this key.", code="no_project")
    access = Access(row.Project, Role(row.role), user)
    access.require(right)
    return access
