"""What can be done with users."""

from functools import partial

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.conflicts import conflicts
from app.core.errors import FieldProblem
from app.core.passwords import Passwords
from app.core.validation import invalid_fields
from app.users import credentials
from app.users.accounts import Account
from app.users.fields import NewUser
from app.users.models import Role, User
from app.users.names import name_key
from app.users.schemas import UserChanges

# The RealWorld specification answers what is taken with 422.
TAKEN = {
    "uq_users_username_key": partial(
        invalid_fields, FieldProblem("username", "has already been taken")
    ),
    "uq_users_email": partial(invalid_fields, FieldProblem("email", "has already been taken")),
}


async def register(session: AsyncSession, passwords: Passwords, new: NewUser) -> User:
    """Make an account.

    Raises:
        InvalidError: The name or the address is taken.
    """
    return await credentials.register(session, passwords, new, taken=TAKEN)


async def change(
    session: AsyncSession, passwords: Passwords, account: Account, changes: UserChanges
) -> User:
    """Change the current user. A new password revokes every token issued before.

    Raises:
        NotAuthenticatedError: Another request has changed the password meanwhile.
        InvalidError: The new name or address is taken.
    """
    user = await credentials.begin_change(session, passwords, account, password=changes.password)
    async with conflicts(session, TAKEN):
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
