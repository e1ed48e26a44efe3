"""Routes: following a project live."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header
from pydantic import BeforeValidator
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.at_once import AtOnce
from app.core.dependencies import DatabaseDep, TokensDep
from app.core.errors import ApplicationError
from app.core.text import GREATEST_ID
from app.live.lifespan import HubDep
from app.live.stream import EventStream, parse_last_event_id, stream
from app.projects.access import Access, enter
from app.projects.keys import ProjectKey
from app.responses import errors
from app.users.accounts import account_of
from app.users.dependencies import AccessToken

# Not a `TransactionalRoute`: a session would stay open for as long as somebody listens.
router = APIRouter(tags=["Activity"])

LastEventId = Annotated[
    int | None,
    BeforeValidator(parse_last_event_id),
    Header(ge=0, le=GREATEST_ID, description="Begin after this event."),
]

STREAMS = 10
"""How many streams each user may have at once, in each process."""

_streams = AtOnce(
    STREAMS,
    f"You are following {STREAMS} projects, or one in as many places. End one of them first.",
    code="too_many_streams",
    retry_after=15,
)

STREAM: dict[str, Any] = {
    "description": "The history as server-sent events, which do not end by themselves.",
    "content": {"text/event-stream": {"schema": {"type": "string"}}},
}


TOO_MANY = errors(429)[429] | {"description": "You follow too many projects at once"}


@dataclass(frozen=True, slots=True)
class Follower:
    """Somebody who follows a project.

    Attributes:
        access: As it was when they began.
        may_go_on: Asks whether they still may.
    """

    access: Access
    may_go_on: Callable[[AsyncSession], Awaitable[bool]]


async def _follower(
    key: ProjectKey, token: AccessToken, database: DatabaseDep, tokens: TokensDep
) -> AsyncIterator[Follower]:
    """Find who follows a project. They have one of their streams until the response has ended."""

    async def find(session: AsyncSession) -> Access:
        return await enter(session, await account_of(session, tokens, token), key)

    async def may_go_on(session: AsyncSession) -> bool:
        try:
            await find(session)
        except ApplicationError:
            return False
        return True

    async with database.session(read_only=True) as session:
        access = await find(session)
    with _streams.one_of(access.user.id):
        yield Follower(access, may_go_on)


@router.get(
    "/projects/{key}/events",
    response_class=EventStream,
    responses={**errors(401, 404, 422), 200: STREAM, 429: TOO_MANY},
)
async def follow_project(
    follower: Annotated[Follower, Depends(_follower)],
    hub: HubDep,
    last_event_id: LastEventId = None,
) -> EventStream:
    """Follow what happens in a project, live.

    The first event, `ready`, has the id after which the others begin. Each of these is an entry of
    the history: its number is the event's id, its kind the event's name, and the entry the data. It
    ends when your access token does, when you leave the project, and up to 15 seconds after you
    have signed out.
    """
    access = follower.access
    return EventStream(
        stream(
            hub,
            access.project.id,
            last_event_id,
            may_go_on=follower.may_go_on,
            until=access.user.expires_at,
        )
    )
