"""Routes: notifications."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.core.dependencies import SessionDep
from app.core.pages import ONE_OF_EACH
from app.core.responses import UNREADABLE_BODY
from app.core.text import Identifier
from app.core.transactions import TransactionalRoute
from app.notifications import service
from app.notifications.schemas import (
    Marked,
    NotificationPage,
    NotificationQuery,
    NotificationView,
    ReadMark,
    ReadMarks,
)
from app.responses import errors
from app.users.dependencies import CurrentUser

router = APIRouter(route_class=TransactionalRoute, prefix="/notifications", tags=["Notifications"])


@router.get("", responses=errors(401, 422), dependencies=[ONE_OF_EACH])
async def list_notifications(
    wanted: Annotated[NotificationQuery, Query()], session: SessionDep, user: CurrentUser
) -> NotificationPage:
    """List what you were notified of, the newest first."""
    return await service.list_notifications(session, user, wanted)


@router.patch("", responses=errors(401, *UNREADABLE_BODY))
async def mark_notifications(body: ReadMarks, session: SessionDep, user: CurrentUser) -> Marked:
    """Say that you have read notifications, such as all those of a page."""
    return Marked(marked=await service.mark_all(session, user, body.read))


@router.patch("/{id}", responses=errors(401, 404, *UNREADABLE_BODY))
async def mark_notification(
    id: Identifier,  # noqa: A002 - its name in the address
    body: ReadMark,
    session: SessionDep,
    user: CurrentUser,
) -> NotificationView:
    """Say that you have read a notification, or that you have not."""
    return await service.mark(session, user, id, read=body.read)
