"""Routes: invitations."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.core.dependencies import SessionDep, SettingsDep, TokensDep
from app.core.pages import ONE_OF_EACH, Page, PageQuery
from app.core.responses import UNREADABLE_BODY
from app.core.text import Identifier
from app.core.transactions import TransactionalRoute
from app.invitations import service
from app.invitations.schemas import Acceptance, InvitationView, NewInvitation
from app.projects.keys import ProjectKey
from app.projects.schemas import ProjectView
from app.responses import errors
from app.users.dependencies import CurrentUser

router = APIRouter(route_class=TransactionalRoute, tags=["Invitations"])


@router.get(
    "/projects/{key}/invitations",
    responses=errors(401, 403, 404, 422),
    dependencies=[ONE_OF_EACH],
)
async def list_invitations(
    key: ProjectKey,
    wanted: Annotated[PageQuery, Query()],
    session: SessionDep,
    user: CurrentUser,
) -> Page[InvitationView]:
    """List the invitations that are open, also those whose time is over; the oldest first."""
    return await service.list_invitations(session, user, key, wanted)


@router.post(
    "/projects/{key}/invitations",
    status_code=201,
    responses=errors(401, 403, 404, 409, *UNREADABLE_BODY),
)
async def invite(
    key: ProjectKey,
    body: NewInvitation,
    session: SessionDep,
    *,
    user: CurrentUser,
    tokens: TokensDep,
    settings: SettingsDep,
) -> InvitationView:
    """Invite somebody by e-mail. Inviting them again withdraws the earlier invitation."""
    return await service.invite(session, user, key, body, tokens=tokens, settings=settings)


@router.delete(
    "/projects/{key}/invitations/{id}", status_code=204, responses=errors(401, 403, 404, 422)
)
async def withdraw_invitation(
    key: ProjectKey,
    id: Identifier,  # noqa: A002 - its name in the address
    session: SessionDep,
    user: CurrentUser,
) -> None:
    """Take an invitation back."""
    await service.withdraw(session, user, key, id)


@router.post(
    "/invitations/accept",
    responses=errors(401, 403, 404, 409, *UNREADABLE_BODY),
)
async def accept_invitation(
    body: Acceptance, session: SessionDep, user: CurrentUser, tokens: TokensDep
) -> ProjectView:
    """Accept an invitation. Your account must have the address that it was sent to."""
    return await service.accept(session, tokens, user, body.token)
