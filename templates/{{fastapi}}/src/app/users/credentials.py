"""Who somebody is: making accounts, checking passwords, changing them."""

from collections.abc import Callable, Mapping
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.conflicts import conflicts
from app.core.database import Database
from app.core.errors import ApplicationError, FieldProblem, NotAuthenticatedError
from app.core.passwords import Passwords
from app.core.validation import invalid_fields
from app.users.fields import NewUser
from app.users.models import User

Taken = Mapping[str, Callable[[], ApplicationError]]
"""What is answered where a name or an address is taken, by the name of the constraint."""


class Known(Protocol):
    """Somebody who was signed in when their request came."""

    @property
    def id(self) -> int:
        """Their number."""

    @property
    def token_version(self) -> int:
        """What it was then."""


async def register(
    session: AsyncSession, passwords: Passwords, new: NewUser, *, taken: Taken
) -> User:
    """Make an account.

    Raises:
        ApplicationError: One of `taken`.
    """
    user = User(
        username=new.username,
        email=new.email,
        # Before the session does anything: a transaction open meanwhile would keep others waiting.
        password_hash=await passwords.hash(new.password),
    )
    async with conflicts(session, taken):
        session.add(user)
    return user


async def authenticate(database: Database, passwords: Passwords, email: str, password: str) -> User:
    """Find who has this address and this password.

    Args:
        database: Where to look. No connection is held while the password is checked, or a few
            sign-ins would leave none for all other requests.
        passwords: Checks the password.
        email: The address, as `email_key` writes it.
        password: What was given as the password.

    Raises:
        NotAuthenticatedError: Nobody. Neither words nor time tell which of both is wrong.
    """
    async with database.session(read_only=True) as session:
        user = await session.scalar(select(User).where(User.email == email))
    if not await passwords.verify(user.password_hash if user else None, password) or not user:
        raise NotAuthenticatedError(
            "The e-mail address or the password is wrong.", code="wrong_credentials"
        )
    return user


async def begin_change(
    session: AsyncSession,
    passwords: Passwords,
    known: Known,
    *,
    password: str | None,
    current: str | None = None,
) -> User:
    """Lock the current user, to be changed, and give them a new password if there is one.

    A new password revokes every token issued before.

    Args:
        session: The session of this request. What it holds is let go while passwords are hashed.
        passwords: Hashes and checks.
        known: Who asks, as they were found when the request came.
        password: The new password, if there is one.
        current: What was given as the password so far, where it has to be given.

    Raises:
        InvalidError: The current password is wrong.
        NotAuthenticatedError: Another request has changed the password meanwhile.
    """
    password_hash = None
    if current is not None or password is not None:
        user = await session.get(User, known.id)
        if user is None or user.token_version != known.token_version:
            raise revoked()
        # Hashing takes a while, and the transaction that found the account would keep others
        # waiting. So it ends here, and what it found is looked at again below.
        stored = user.password_hash
        await session.rollback()
        if current is not None and not await passwords.verify(stored, current):
            raise invalid_fields(FieldProblem("current_password", "is wrong"))
        if password is not None:
            password_hash = await passwords.hash(password)
    user = await session.get(User, known.id, with_for_update=True, populate_existing=True)
    if user is None or user.token_version != known.token_version:
        raise revoked()
    if password_hash is not None:
        user.password_hash = password_hash
        user.token_version += 1
    return user


def revoked() -> NotAuthenticatedError:
    """The answer to a token that was good once."""
    return NotAuthenticatedError("The token has been revoked. Sign in again.", code="token_revoked")


def not_signed_in() -> NotAuthenticatedError:
    """The answer to a request that needs a token and has none."""
    return NotAuthenticatedError("Sign in: the Authorization header is missing.")
