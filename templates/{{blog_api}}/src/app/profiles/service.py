"""What can be done with profiles."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import FieldProblem, NotFoundError
from app.core.inserting import insert_unless_there
from app.core.validation import invalid_fields
from app.profiles import statements
from app.profiles.models import Follow
from app.profiles.schemas import Profile
from app.users.accounts import Account
from app.users.models import User
from app.users.names import name_key


def profile_of(row: Sequence[Any]) -> Profile:
    """The profile from the `profile_columns`, in their order."""
    username, bio, image, following = row
    return Profile(username=username, bio=bio, image=image, following=following)


async def get_profile(session: AsyncSession, viewer: Account | None, username: str) -> Profile:
    """Find a profile by its name, in any mixture of capitals.

    Raises:
        NotFoundError: Nobody has this name.
    """
    query = statements.one(signed_in=viewer is not None)
    values = {"name": name_key(username), **statements.viewer_values(viewer)}
    if (row := (await session.execute(query, values)).one_or_none()) is None:
        raise NotFoundError("There is no user with this name.")
    return profile_of(row)


async def follow(session: AsyncSession, user: Account, username: str) -> Profile:
    """Follow somebody; who does already goes on doing so.

    Raises:
        NotFoundError: Nobody has this name.
        InvalidError: It is their own.
    """
    followed_id = await _id_of(session, username)
    if followed_id == user.id:
        raise invalid_fields(FieldProblem("username", "you cannot follow yourself"))
    await insert_unless_there(session, Follow, follower_id=user.id, followed_id=followed_id)
    return await get_profile(session, user, username)


async def unfollow(session: AsyncSession, user: Account, username: str) -> Profile:
    """Follow somebody no longer; who did not is no error.

    Raises:
        NotFoundError: Nobody has this name.
    """
    followed_id = await _id_of(session, username)
    await session.execute(
        delete(Follow).where(Follow.follower_id == user.id, Follow.followed_id == followed_id)
    )
    return await get_profile(session, user, username)


async def _id_of(session: AsyncSession, username: str) -> int:
    query = select(User.id).where(User.username_key == name_key(username))
    if (found := await session.scalar(query)) is None:
        raise NotFoundError("There is no user with this name.")
    return found
