"""What can be done with accounts."""

from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.conflicts import conflicts
from app.core.errors import ConflictError
from app.core.passwords import Passwords
from app.users import credentials
from app.users.accounts import Account
from app.users.fields import NewUser
from app.users.models import User
from app.users.schemas import AccountChanges
from app.users.signing_in import SigningIn

TAKEN = {
    "uq_users_username_key": partial(
        ConflictError, "There is an account with this name already.", code="username_taken"
    ),
    "uq_users_email": partial(
        ConflictError,
        "There is an account with this e-mail address already. Sign in instead.",
        code="email_taken",
    ),
}


async def register(session: AsyncSession, passwords: Passwords, new: NewUser) -> User:
    """Make an account.

    Raises:
        ConflictError: The name or the address is taken.
    """
    return await credentials.register(session, passwords, new, taken=TAKEN)


async def change(
    session: AsyncSession, signing_in: SigningIn, account: Account, changes: AccountChanges
) -> User:
    """Change the current user. A new password ends all sessions, also the one that asks for it.

    Raises:
        TooManyRequestsError: The current password was tried too often.
        InvalidError: The current password is wrong.
        NotAuthenticatedError: Another request has changed the password meanwhile.
        ConflictError: The new address is taken.
    """
    # Whoever has somebody's token could else guess their password as quickly as it is hashed.
    async with signing_in.attempt(account.email):
        user = await credentials.begin_change(
            session,
            signing_in.passwords,
            account,
            password=changes.password,
            current=changes.current_password,
        )
    async with conflicts(session, TAKEN):
        if changes.email is not None:
            user.email = changes.email
    return user
