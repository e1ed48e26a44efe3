"""What requests and responses about users look like."""

from typing import Annotated

from pydantic import BaseModel, Field

from app.core.schemas import Changes
from app.core.text import STORABLE, Email
from app.users.fields import Login, NewUser, Password, Username

Bio = Annotated[str, Field(max_length=2000), STORABLE]
Image = Annotated[str, Field(max_length=2000), STORABLE]


class UserChanges(Changes):
    """What the current user changes; what is left out stays."""

    email: Email | None = None
    username: Username | None = None
    password: Password | None = None
    bio: Bio | None = None
    image: Image | None = None


class LoginRequest(BaseModel):
    """The body of a login."""

    user: Login


class NewUserRequest(BaseModel):
    """The body of a registration."""

    user: NewUser


class UserChangesRequest(BaseModel):
    """The body of a change to the current user."""

    user: UserChanges


class SignedInUser(BaseModel):
    """The current user, with the token that says so."""

    email: str
    token: str
    username: str
    bio: str
    image: str


class UserResponse(BaseModel):
    """The current user."""

    user: SignedInUser
