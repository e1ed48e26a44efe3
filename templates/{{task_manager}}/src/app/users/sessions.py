"""Sessions: who is signed in, on which devices, and until when."""

from datetime import timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import NotAuthenticatedError
from app.core.models import now
from app.core.numbers import new_number
from app.core.tokens import Tokens
from app.users.accounts import Account
from app.users.credentials import revoked
from app.users.models import Session, User
from app.users.schemas import TokenPair

PATIENCE = timedelta(seconds=10)
"""For how long after a refresh token was used it may come again without suspicion.

Two tabs of one browser may use it at the same moment, or the answer may be lost on its way. For so
long it gets what it got the first time: see docs/decisions/0407-sessions.md.
"""


async def open_session(
    session: AsyncSession, tokens: Tokens, user: User, lifetime: timedelta
) -> TokenPair:
    """Sign somebody in who has shown who they are.

    Args:
        session: The session of this request with the database.
        tokens: Signs the tokens.
        user: Who, as they were when their password was checked.
        lifetime: How long they stay signed in without doing anything.

    Raises:
        NotAuthenticatedError: Another request has changed the password meanwhile.
    """
    # Held, so that the version cannot move on before this is committed.
    query = select(User.token_version).where(User.id == user.id).with_for_update(read=True)
    if await session.scalar(query) != user.token_version:
        raise NotAuthenticatedError(
            "The password has just been changed. Sign in with the new one.",
            code="wrong_credentials",
        )
    moment = now()
    # There is nobody else to clean up, and few have many.
    await session.execute(
        delete(Session).where(
            Session.user_id == user.id,
            or_(Session.expires_at <= moment, Session.token_version != user.token_version),
        )
    )
    opened = Session(
        user_id=user.id,
        refresh_id=new_number(),
        token_version=user.token_version,
        created_at=moment,
        renewed_at=moment,
        expires_at=moment + lifetime,
    )
    session.add(opened)
    await session.flush()
    return _issue(tokens, user.id, opened.id, opened.refresh_id, lifetime)


async def refresh_session(
    session: AsyncSession, tokens: Tokens, refresh: str, lifetime: timedelta
) -> TokenPair:
    """Give new tokens for a refresh token, once.

    Of several requests with the same token, all get the same next one. If they come later than can
    be explained, the token was stolen from one or the other, and the session ends.

    Raises:
        NotAuthenticatedError: The token is no good, or has been used before.
    """
    number, refresh_id = tokens.read(refresh, "ses", "ref")
    query = (
        select(Session.user_id)
        .join(User, User.id == Session.user_id)
        .where(Session.id == number, Session.token_version == User.token_version)
    )
    if (user_id := await session.scalar(query)) is None:
        raise revoked()
    moment, new = now(), new_number()
    # One statement, so whoever comes second finds another number there.
    renewed = await session.scalar(
        update(Session)
        .where(Session.id == number, Session.refresh_id == refresh_id)
        .values(
            refresh_id=new,
            previous_refresh_id=refresh_id,
            renewed_at=moment,
            expires_at=moment + lifetime,
        )
        .returning(Session.id)
    )
    if renewed is None:
        again = select(Session.refresh_id).where(
            Session.id == number,
            Session.previous_refresh_id == refresh_id,
            Session.renewed_at >= moment - PATIENCE,
        )
        if (new_already := await session.scalar(again)) is not None:
            return _issue(tokens, user_id, number, new_already, lifetime)
        await session.execute(
            delete(Session).where(
                Session.id == number,
                Session.refresh_id != refresh_id,
                Session.renewed_at < moment - PATIENCE,
            )
        )
        # The answer is an error, and yet this is to stay.
        await session.commit()
        raise NotAuthenticatedError(
            "This token has been used before. Use the one that you got for it, or sign in again.",
            code="token_reused",
        )
    return _issue(tokens, user_id, number, new, lifetime)


async def close_session(session: AsyncSession, tokens: Tokens, refresh: str) -> None:
    """Sign out: the session's tokens are no good any more, at once.

    Raises:
        NotAuthenticatedError: The token is not one of ours, or its time is over.
    """
    # Any token of the session will do, also one that has been used: who has it may end it.
    number, _ = tokens.read(refresh, "ses", "ref")
    await session.execute(delete(Session).where(Session.id == number))


async def close_all(session: AsyncSession, account: Account) -> None:
    """Sign somebody out on all devices."""
    await session.execute(delete(Session).where(Session.user_id == account.id))


def _issue(
    tokens: Tokens, user_id: int, number: int, refresh_id: int, lifetime: timedelta
) -> TokenPair:
    return TokenPair(
        access=tokens.issue(sub=user_id, sid=number),
        refresh=tokens.issue(lifetime=lifetime, ses=number, ref=refresh_id),
    )
