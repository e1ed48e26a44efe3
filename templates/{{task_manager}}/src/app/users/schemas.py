"""What requests and responses about accounts and sessions look like."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from app.core.schemas import Changes
from app.core.text import STORABLE, Email
from app.users.fields import NewPassword, TypedPassword


class AccountChanges(Changes):
    """What the current user changes; what is left out stays."""

    model_config = ConfigDict(extra="forbid")
    beside: ClassVar = frozenset({"current_password"})

    email: Email | None = None
    password: NewPassword | None = None
    current_password: TypedPassword


class AccountView(BaseModel):
    """The current user."""

    username: str
    email: str


class RefreshRequest(BaseModel):
    """A refresh token that is to be used."""

    refresh: Annotated[str, Field(max_length=2000), STORABLE]


class TokenPair(BaseModel):
    """What shows who somebody is."""

    access: str = Field(description="For the header Authorization; good for minutes.")
    refresh: str = Field(description="Gets the next two tokens, once.")


class SignedIn(TokenPair):
    """Somebody who has signed in."""

    user: AccountView
