"""What requests and responses about users look like."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from app.core.schemas import Changes
from app.core.text import STORABLE, Email
from app.users.models import NAME_LENGTH
from app.users.names import user_name

Username = Annotated[
    str,
    Field(
        min_length=1,
        max_length=NAME_LENGTH,
        description="Letters of any script, digits, dots, hyphens, underscores, single spaces.",
    ),
    AfterValidator(user_name),
]
# As long as NIST SP 800-63B asks for at the least; so long at the most that hashing stays cheap.
Password = Annotated[str, StringConstraints(min_length=8, max_length=128)]
Bio = Annotated[str, Field(max_length=2000), STORABLE]
Image = Annotated[str, Field(max_length=2000), STORABLE]


class Login(BaseModel):
    """Who wants to sign in. What no account can have is wrong like any other password."""

    email: Annotated[str, Field(max_length=1000), STORABLE]
    password: Annotated[str, Field(max_length=1000, json_schema_extra={"format": "password"})]


class NewUser(BaseModel):
    """An account to be made."""

    username: Username
    email: Email
    password: Annotated[Password, Field(json_schema_extra={"format": "password"})]


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
