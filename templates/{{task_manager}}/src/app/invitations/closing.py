"""How invitations end, each with an entry in the history."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.activity.models import Kind
from app.activity.recording import record, removed
from app.invitations.models import Invitation
from app.projects.models import Project
from app.projects.roles import Role, gives
from app.users.accounts import Account


async def close(
    session: AsyncSession, project: Project, invitation: Invitation, kind: Kind, *, actor: Account
) -> None:
    """Have an invitation to a locked project be open no more.

    Args:
        session: The session of this request.
        project: The project.
        invitation: The invitation.
        kind: Whether it is withdrawn or accepted.
        actor: By whom.
    """
    fields = removed(role=invitation.role)
    record(session, project, actor, kind, fields, subject=str(invitation.id))
    await session.delete(invitation)


async def withdraw_of(
    session: AsyncSession, project: Project, inviter_id: int, role: Role | None, *, actor: Account
) -> None:
    """Withdraw what somebody offered to others and could not give any more.

    Otherwise who was removed could come back by an invitation that they sent before.

    Args:
        session: The session of this request.
        project: The project, locked.
        inviter_id: Who sent the invitations.
        role: What they are now, if they are still a member.
        actor: Who made them that.
    """
    query = (
        select(Invitation)
        .where(Invitation.project_id == project.id, Invitation.invited_by_id == inviter_id)
        .order_by(Invitation.created_at, Invitation.id)
    )
    for invitation in (await session.scalars(query)).all():
        if role is None or not gives(role, Role(invitation.role)):
            await close(session, project, invitation, Kind.INVITATION_WITHDRAWN, actor=actor)
