"""Members of projects: who they are, what they may become, and how they leave."""

from typing import Annotated

from pydantic import StringConstraints
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.activity.models import Kind
from app.activity.recording import created, record, removed
from app.core.errors import ConflictError, NotFoundError
from app.core.pages import Page, PageQuery, page_of, part_of
from app.core.text import STORABLE
from app.invitations.closing import withdraw_of
from app.projects.access import Access, enter, enter_to_change
from app.projects.models import Member, Project
from app.projects.roles import Right, Role
from app.projects.schemas import MemberView
from app.tasks.assignments import unassign_all
from app.users.accounts import Account
from app.users.models import User
from app.users.names import name_key

_NameKey = Annotated[str, StringConstraints(max_length=1000), STORABLE]


async def list_members(
    session: AsyncSession, user: Account, key: str, wanted: PageQuery
) -> Page[MemberView]:
    """List the members of a project, by their names.

    Raises:
        NotFoundError: There is no such project.
    """
    access = await enter(session, user, key)
    query = part_of(_members_of(access.project), wanted, (User.username_key, _NameKey))
    rows = (await session.execute(query)).all()
    return page_of(
        rows,
        wanted.limit,
        lambda row: _view(row.User, row.Member),
        lambda row: [row.User.username_key],
    )


async def add(
    session: AsyncSession, project: Project, user: Account, role: Role, *, actor: Account
) -> None:
    """Have somebody take part in a locked project who does not yet."""
    session.add(Member(project_id=project.id, user_id=user.id, role=role))
    record(session, project, actor, Kind.MEMBER_JOINED, created(role=role), subject=user.username)
    await session.flush()


async def change_role(
    session: AsyncSession, user: Account, key: str, username: str, role: Role
) -> MemberView:
    """Make a member something else. What they offered to others and cannot give now is withdrawn.

    Raises:
        NotFoundError: There is no such project, or no such member.
        ForbiddenError: The user may not give this role, or not take away the other.
        ConflictError: The project would be without an owner.
    """
    access = await enter_to_change(session, user, key, Right.MANAGE)
    person, member = await _find(session, access, username)
    before = Role(member.role)
    access.require_giving(before, role)
    if before is not role:
        await _keep_an_owner(session, access.project, before)
        member.role = role
        record(
            session,
            access.project,
            user,
            Kind.MEMBER_CHANGED,
            {"role": (before, role)},
            subject=person.username,
        )
        await withdraw_of(session, access.project, person.id, role, actor=user)
    await session.flush()
    return _view(person, member)


async def remove(session: AsyncSession, user: Account, key: str, username: str) -> None:
    """Have a member leave. Everybody may leave themselves.

    Their tasks are then nobody's, and whom they invited is not invited any more.

    Raises:
        NotFoundError: There is no such project, or no such member.
        ForbiddenError: The user may not take away this role.
        ConflictError: The project would be without an owner.
    """
    access = await enter_to_change(session, user, key, Right.READ)
    person, member = await _find(session, access, username)
    role = Role(member.role)
    if person.id != user.id:
        access.require_giving(role)
    await _keep_an_owner(session, access.project, role)
    await withdraw_of(session, access.project, person.id, None, actor=user)
    await unassign_all(session, access.project, user, person)
    record(
        session,
        access.project,
        user,
        Kind.MEMBER_LEFT,
        removed(role=role),
        subject=person.username,
    )
    await session.delete(member)
    await session.flush()


async def find_member(session: AsyncSession, project: Project, name: str) -> User | None:
    """Find a member by their name, in any mixture of capitals."""
    query = _members_of(project).where(User.username_key == name_key(name))
    row = (await session.execute(query)).one_or_none()
    return row.User if row else None


async def member_names(session: AsyncSession, project: Project) -> dict[str, int]:
    """Find all members: their numbers by their names, as `name_key` writes these."""
    query = (
        select(User.username_key, User.id)
        .join(Member, Member.user_id == User.id)
        .where(Member.project_id == project.id)
    )
    rows = await session.execute(query)
    return {row.username_key: row.id for row in rows}


def _members_of(project: Project) -> Select[User, Member]:
    return (
        select(User, Member)
        .join(Member, Member.user_id == User.id)
        .where(Member.project_id == project.id)
    )


async def _find(session: AsyncSession, access: Access, username: str) -> tuple[User, Member]:
    query = _members_of(access.project).where(User.username_key == name_key(username))
    # Members were locked with their project, and the session may know one of them from before.
    found = await session.execute(query.execution_options(populate_existing=True))
    if (row := found.one_or_none()) is None:
        raise NotFoundError("There is no member of this name in this project.", code="no_member")
    return row.User, row.Member


async def _keep_an_owner(session: AsyncSession, project: Project, role: Role) -> None:
    """Refuse to do without the last owner. The project is locked, so nobody else can leave now."""
    if role is not Role.OWNER:
        return
    query = select(func.count()).where(Member.project_id == project.id, Member.role == Role.OWNER)
    if await session.scalar(query) == 1:
        raise ConflictError(
            "A project needs an owner. Make somebody else one first.", code="last_owner"
        )


def _view(person: User, member: Member) -> MemberView:
    return MemberView(username=person.username, role=Role(member.role), joined_at=member.joined_at)
