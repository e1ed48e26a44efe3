"""What can be done with accounts."""

from functools import partial

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.conflicts import conflicts
from app.core.errors import ConflictError
from app.core.passwords import Passwords
from app.users import credentials
from app.users.accounts import Account
from app.users.fields import NewUser
from app.users.models import Session, User
from app.users.schemas import AccountChanges

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
    session: AsyncSession, passwords: Passwords, account: Account, changes: AccountChanges
) -> User:
    """Change the current user. A new password ends all sessions but the one that asks for it.

    Raises:
        InvalidError: The current password is wrong.
        NotAuthenticatedError: Another request has changed the password meanwhile.
        ConflictError: The new address is taken.
    """
    user = await credentials.begin_change(
        session,
        passwords,
        account,
        password=changes.password,
        current=changes.current_password,
    )
    async with conflicts(session, TAKEN):
        if changes.email is not None:
            user.email = changes.email
    await session.execute(
        update(Session)
        .where(Session.id == account.session_id)
        .values(token_version=user.token_version)
    )
    return user
