"""What requests and responses about accounts and sessions look like."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from app.core.omissible import Omissible
from app.core.schemas import Changes
from app.core.text import STORABLE, Email
from app.users import fields
from app.users.fields import NewPassword, TypedPassword


class NewUser(fields.NewUser):
    """An account to be made."""

    model_config = ConfigDict(extra="forbid")


class Login(fields.Login):
    """Who wants to sign in. What no account can have is wrong like any other password."""

    model_config = ConfigDict(extra="forbid")


class AccountChanges(Changes):
    """What the current user changes; what is left out stays."""

    model_config = ConfigDict(extra="forbid")
    beside: ClassVar = frozenset({"current_password"})

    email: Omissible[Email] = None
    password: Omissible[NewPassword] = None
    current_password: TypedPassword


class AccountView(BaseModel):
    """The current user."""

    username: str
    email: str


class RefreshRequest(BaseModel):
    """A refresh token that is to be used."""

    model_config = ConfigDict(extra="forbid")

    refresh: Annotated[str, Field(max_length=2000), STORABLE]


class TokenPair(BaseModel):
    """What shows who somebody is."""

    access: str = Field(description="For the header Authorization; good for minutes.")
    refresh: str = Field(description="Gets the next two tokens, once.")


class ChangedAccount(AccountView):
    """The current user after a change."""

    tokens: TokenPair | None = Field(
        description="New ones if the password is new: those from before are no good any more."
    )


class SignedIn(TokenPair):
    """Somebody who has signed in."""

    user: AccountView
