"""Who is signed in: what every request with a token looks up."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.tokens import Tokens
from app.users.credentials import revoked
from app.users.models import Session, User


@dataclass(frozen=True, slots=True)
class Account:
    """A signed-in user, as the database has them at the time of the request.

    Attributes:
        session_id: The session that their token belongs to.
        expires_at: Until when the token is good.
    """

    id: int
    username: str
    email: str
    token_version: int
    session_id: int
    expires_at: datetime


_user, _session = User.__table__.c, Session.__table__.c
# A row and no object: it is read with every request, and objects take longer to make.
_BY_SESSION = (
    select(_user.id, _user.username, _user.email, _user.token_version)
    .join(Session.__table__, _session.user_id == _user.id)
    .where(
        _session.id == bindparam("session"),
        _user.id == bindparam("user"),
        _session.token_version == _user.token_version,
    )
)


async def account_of(session: AsyncSession, tokens: Tokens, token: str) -> Account:
    """Find whom an access token was issued to.

    Raises:
        NotAuthenticatedError: It is not one of ours, its time is over, or so is the session.
    """
    user, session_id, expires = tokens.read(token, "sub", "sid", "exp")
    values = {"user": user, "session": session_id}
    if (row := (await session.execute(_BY_SESSION, values)).one_or_none()) is None:
        raise revoked()
    return Account(*row, session_id=session_id, expires_at=datetime.fromtimestamp(expires, UTC))
