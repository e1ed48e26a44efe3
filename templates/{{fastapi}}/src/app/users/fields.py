"""What requests about accounts carry."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from app.core.text import STORABLE, Email
from app.users.names import NAME_LENGTH, user_name

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
NewPassword = Annotated[Password, Field(json_schema_extra={"format": "password"})]
TypedPassword = Annotated[str, Field(max_length=1000, json_schema_extra={"format": "password"})]
"""A password that is to be checked. One that no account can have is wrong like any other."""


class Login(BaseModel):
    """Who wants to sign in. What no account can have is wrong like any other password."""

    email: Annotated[str, Field(max_length=1000), STORABLE]
    password: TypedPassword


class NewUser(BaseModel):
    """An account to be made."""

    username: Username
    email: Email
    password: NewPassword
