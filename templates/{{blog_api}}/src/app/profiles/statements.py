"""What is selected to show a profile. Built once: see `app/articles/statements.py`."""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, false, select

from app.profiles.models import Follow
from app.users.accounts import Account
from app.users.models import User

_follow = Follow.__table__.c
_user = User.__table__.c

VIEWER: ColumnElement[int] = bindparam("viewer", type_=_user.id.type)
"""The number of the one who asks: the parameter `viewer`."""


def viewer_values(viewer: Account | None) -> dict[str, int]:
    """The value of the parameter `viewer`, for a statement that was made for this viewer."""
    return {} if viewer is None else {"viewer": viewer.id}


def profile_columns(*, signed_in: bool) -> tuple[ColumnElement[Any], ...]:
    """What a query with the table of users in it selects to show a profile.

    Args:
        signed_in: Whether somebody in particular asks; then it takes the parameter `viewer`.
    """
    following: ColumnElement[bool] = false()
    if signed_in:
        following = exists().where(_follow.follower_id == VIEWER, _follow.followed_id == _user.id)
    return (_user.username, _user.bio, _user.image, following.label("following"))


@cache
def one(*, signed_in: bool) -> Select[Any]:
    """Select the profile of the user whose `name_key` is the parameter `name`."""
    return select(*profile_columns(signed_in=signed_in)).where(
        _user.username_key == bindparam("name")
    )
