"""Inviting people, and accepting invitations."""

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.activity.models import Kind
from app.activity.recording import created, record
from app.core.errors import (
    ConflictError,
    FieldProblem,
    ForbiddenError,
    NotAuthenticatedError,
    NotFoundError,
)
from app.core.models import now
from app.core.pages import Page, PageQuery, PlaceInTime, page_of, part_of
from app.core.settings import Settings
from app.core.text import Identifier
from app.core.tokens import EXPIRED, Tokens
from app.core.validation import invalid_fields
from app.invitations.closing import close
from app.invitations.mails import invitation_mail
from app.invitations.models import Invitation
from app.invitations.schemas import InvitationView, NewInvitation
from app.mail.outbox import post
from app.projects import members
from app.projects.access import enter, enter_to_change, lock
from app.projects.models import Member, Project
from app.projects.roles import Right, Role
from app.projects.schemas import ProjectView
from app.projects.service import view_of
from app.users.accounts import Account
from app.users.models import User

MOST_OPEN = 100
"""How many open invitations a project has at the most: nobody asked for the mails about them."""


async def list_invitations(
    session: AsyncSession, user: Account, key: str, wanted: PageQuery
) -> Page[InvitationView]:
    """List the invitations of a project that are open, also those whose time is over, in order.

    Raises:
        NotFoundError: There is no such project.
        ForbiddenError: The user's role does not allow it.
    """
    access = await enter(session, user, key, Right.MANAGE)
    query = part_of(
        _open(access.project),
        wanted,
        (Invitation.created_at, PlaceInTime),
        (Invitation.id, Identifier),
    )
    rows = (await session.execute(query)).all()
    return page_of(
        rows,
        wanted.limit,
        lambda row: _view(row.Invitation, row.username),
        lambda row: [row.Invitation.created_at, row.Invitation.id],
    )


async def invite(
    session: AsyncSession,
    user: Account,
    key: str,
    new: NewInvitation,
    *,
    tokens: Tokens,
    settings: Settings,
) -> InvitationView:
    """Invite somebody, by a mail with a token. An earlier invitation of theirs is no good then.

    Raises:
        NotFoundError: There is no such project.
        ForbiddenError: The user may not give this role, or that of the earlier invitation.
        ConflictError: They are a member already, or too many are invited.
    """
    access = await enter_to_change(session, user, key, Right.MANAGE)
    project = access.project
    earlier = await session.scalar(
        select(Invitation).where(Invitation.project_id == project.id, Invitation.email == new.email)
    )
    access.require_giving(new.role, *([Role(earlier.role)] if earlier else []))
    there = (
        select(Member.user_id)
        .join(User, User.id == Member.user_id)
        .where(Member.project_id == project.id, User.email == new.email)
    )
    if await session.scalar(there) is not None:
        raise ConflictError("This is the address of a member.", code="already_member")
    if earlier is not None:
        await close(session, project, earlier, Kind.INVITATION_WITHDRAWN, actor=user)
        # Before the next is written: there is one for each address.
        await session.flush()
    else:
        await _keep_few(session, project)
    moment = now()
    invitation = Invitation(
        project_id=project.id,
        email=new.email,
        role=new.role,
        invited_by_id=user.id,
        created_at=moment,
        expires_at=moment + settings.invitation_lifetime,
    )
    session.add(invitation)
    await session.flush()
    token = tokens.issue(lifetime=settings.invitation_lifetime, inv=invitation.id)
    mail = invitation_mail(project, invitation, user.username, token, settings.front_end_url)
    await post(session, to=invitation.email, subject=mail.subject, text=mail.text)
    # Whom it was sent to is not told to all members.
    fields = created(role=new.role)
    record(session, project, user, Kind.INVITATION_SENT, fields, subject=str(invitation.id))
    await session.flush()
    return _view(invitation, user.username)


async def withdraw(session: AsyncSession, user: Account, key: str, number: int) -> None:
    """Take an invitation back.

    Raises:
        NotFoundError: There is no such project, or no such invitation to it.
        ForbiddenError: The user's role does not allow it, or not to give what it offers.
    """
    access = await enter_to_change(session, user, key, Right.MANAGE)
    invitation = await session.get(Invitation, number)
    if invitation is None or invitation.project_id != access.project.id:
        raise NotFoundError(
            "There is no open invitation with this number in this project.", code="no_invitation"
        )
    access.require_giving(Role(invitation.role))
    await close(session, access.project, invitation, Kind.INVITATION_WITHDRAWN, actor=user)
    await session.flush()


async def accept(session: AsyncSession, tokens: Tokens, user: Account, token: str) -> ProjectView:
    """Accept an invitation, and be a member.

    Raises:
        InvalidError: This is not the token of an invitation.
        NotFoundError: It was one.
        ForbiddenError: It was sent to another address.
        ConflictError: They are a member already.
    """
    try:
        (number,) = tokens.read(token, "inv")
    except NotAuthenticatedError as error:
        if error.code == EXPIRED:
            raise _too_late() from None
        message = "is not the token of an invitation: copy all of it from the mail"
        raise invalid_fields(FieldProblem("token", message)) from None
    invitation = await session.get(Invitation, number)
    if invitation is None:
        raise _not_open()
    if invitation.email != user.email:
        raise ForbiddenError(
            "This invitation was sent to another e-mail address. Sign in with the account that has"
            " it, or ask for an invitation to yours.",
            code="other_address",
        )
    project = await lock(session, invitation.project_id)
    # Once more: it may have been accepted or withdrawn before the project was ours.
    again = await session.get(Invitation, number, populate_existing=True)
    if project is None or again is None:
        raise _not_open()
    if await session.get(Member, (project.id, user.id)) is not None:
        raise ConflictError("You are a member of this project already.", code="already_member")
    role = Role(again.role)
    await close(session, project, again, Kind.INVITATION_ACCEPTED, actor=user)
    await members.add(session, project, user, role, actor=user)
    return view_of(project, role)


async def _keep_few(session: AsyncSession, project: Project) -> None:
    """Refuse one more than there may be. The project is locked, so nobody else sends one now."""
    query = select(func.count()).where(Invitation.project_id == project.id)
    if (await session.scalar(query) or 0) >= MOST_OPEN:
        raise ConflictError(
            f"{MOST_OPEN} invitations are open, and a project has no more. Withdraw one first.",
            code="too_many_invitations",
        )


def _not_open() -> NotFoundError:
    return NotFoundError(
        "This invitation is not open: it was accepted or withdrawn. Ask for another.",
        code="no_invitation",
    )


def _too_late() -> NotFoundError:
    return NotFoundError(
        "The time of this invitation is over. Ask for another.", code="invitation_expired"
    )


def _open(project: Project) -> Select[Invitation, str]:
    return (
        select(Invitation, User.username)
        .join(User, User.id == Invitation.invited_by_id)
        .where(Invitation.project_id == project.id)
    )


def _view(invitation: Invitation, invited_by: str) -> InvitationView:
    return InvitationView(
        id=invitation.id,
        email=invitation.email,
        role=Role(invitation.role),
        invited_by=invited_by,
        created_at=invitation.created_at,
        expires_at=invitation.expires_at,
    )
