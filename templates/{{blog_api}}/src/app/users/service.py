"""What can be done with users."""

from functools import partial

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.conflicts import conflicts
from app.core.database import Database
from app.core.errors import InvalidError, NotAuthenticatedError
from app.core.passwords import Passwords
from app.users.accounts import Account, revoked
from app.users.models import Role, User
from app.users.names import name_key
from app.users.schemas import NewUser, UserChanges

# The RealWorld specification answers what is taken with 422.
TAKEN = {
    "uq_users_username_key": partial(InvalidError, "username: has already been taken"),
    "uq_users_email": partial(InvalidError, "email: has already been taken"),
}


async def register(session: AsyncSession, passwords: Passwords, new: NewUser) -> User:
    """Make an account.

    Raises:
        InvalidError: The name or the address is taken.
    """
    user = User(
        username=new.username,
        email=new.email,
        # Before the session does anything: a transaction open meanwhile would keep others waiting.
        password_hash=await passwords.hash(new.password),
    )
    async with conflicts(session, TAKEN):
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
        raise NotAuthenticatedError("The e-mail address or the password is wrong.")
    return user


async def change(
    session: AsyncSession, passwords: Passwords, account: Account, changes: UserChanges
) -> User:
    """Change the current user. A new password revokes every token issued before.

    Raises:
        NotAuthenticatedError: Another request has changed the password meanwhile.
        InvalidError: The new name or address is taken.
    """
    password_hash = None
    if changes.password is not None:
        # Hashing takes a while, and the transaction that found the account would keep others
        # waiting. So it ends here, and what it found is looked at again below.
        await session.rollback()
        password_hash = await passwords.hash(changes.password)
    user = await session.get(User, account.id, with_for_update=True)
    if user is None or user.token_version != account.token_version:
        raise revoked()
    async with conflicts(session, TAKEN):
        if password_hash is not None:
            user.password_hash = password_hash
            user.token_version += 1
        if changes.username is not None:
            user.username = changes.username
        if changes.email is not None:
            user.email = changes.email
        # These two can be taken away again.
        if "bio" in changes.model_fields_set:
            user.bio = changes.bio or ""
        if "image" in changes.model_fields_set:
            user.image = changes.image or ""
    return user


async def set_role(session: AsyncSession, username: str, role: Role) -> bool:
    """Give somebody a role, and tell whether there is anybody of this name."""
    query = update(User).where(User.username_key == name_key(username)).values(role=role)
    return await session.scalar(query.returning(User.id)) is not None
