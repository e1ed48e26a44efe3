"""What profiles look like."""

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, Field

from app.core.text import STORABLE

UsernamePath = Annotated[str, Path(max_length=200, description="The name of a user."), STORABLE]


class Profile(BaseModel):
    """A user, as others see them.

    Attributes:
        following: Whether the one who asks follows them.
    """

    username: str
    bio: str
    image: str
    following: bool = Field(description="Whether the one who asks follows them.")


class ProfileResponse(BaseModel):
    """A profile."""

    profile: Profile
