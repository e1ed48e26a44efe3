"""Who is signed in: what every request with a token looks up."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.tokens import Tokens
from app.users.credentials import revoked
from app.users.models import Role, User


@dataclass(frozen=True, slots=True)
class Account:
    """A signed-in user, as the database has them at the time of the request."""

    id: int
    username: str
    email: str
    bio: str
    image: str
    role: str
    token_version: int

    @classmethod
    def of(cls, user: User) -> "Account":
        """Take a user for signed in."""
        return cls(
            user.id, user.username, user.email, user.bio, user.image, user.role, user.token_version
        )

    @property
    def is_moderator(self) -> bool:
        """Whether they may remove what others wrote."""
        return self.role == Role.MODERATOR


_user = User.__table__.c
# A row and no object: it is read with every request, and objects take longer to make.
_BY_ID = select(
    _user.id,
    _user.username,
    _user.email,
    _user.bio,
    _user.image,
    _user.role,
    _user.token_version,
).where(_user.id == bindparam("user"))


def issue_token(tokens: Tokens, account: Account) -> str:
    """Make a token for somebody. It says which version of the user's tokens it belongs to."""
    return tokens.issue(sub=account.id, ver=account.token_version)


async def account_of(session: AsyncSession, tokens: Tokens, token: str) -> Account:
    """Find whom a token was issued to.

    Raises:
        NotAuthenticatedError: It is not one of ours, its time is over, they are gone, or they have
            changed their password since.
    """
    user, version = tokens.read(token, "sub", "ver")
    row = (await session.execute(_BY_ID, {"user": user})).one_or_none()
    if row is None or row.token_version != version:
        raise revoked()
    return Account(*row)
