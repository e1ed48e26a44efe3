"""What can be done with users."""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.conflicts import conflicts
from app.core.errors import InvalidError, NotAuthenticatedError
from app.core.passwords import Passwords
from app.users.accounts import Account
from app.users.models import Role, User, name_key
from app.users.schemas import Login, NewUser, UserChanges

# The RealWorld specification answers what is taken with 422.
TAKEN = {
    "uq_users_username_key": InvalidError("username: has already been taken"),
    "uq_users_email": InvalidError("email: has already been taken"),
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


async def authenticate(session: AsyncSession, passwords: Passwords, login: Login) -> User:
    """Find who has this address and this password.

    Raises:
        NotAuthenticatedError: Nobody. Neither words nor time tell which of both is wrong.
    """
    user = await session.scalar(select(User).where(User.email == login.email.strip().lower()))
    if not await passwords.verify(user.password_hash if user else None, login.password) or not user:
        raise NotAuthenticatedError("The e-mail address or the password is wrong.")
    return user


async def change(
    session: AsyncSession, passwords: Passwords, account: Account, changes: UserChanges
) -> User:
    """Change the current user. A new password revokes every token issued before.

    Raises:
        InvalidError: The new name or address is taken.
    """
    password = changes.password
    password_hash = None if password is None else await passwords.hash(password)
    user = await session.get_one(User, account.id, with_for_update=True)
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
