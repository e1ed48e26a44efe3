"""What requests and responses about invitations look like."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.core.schemas import Timestamp
from app.core.text import STORABLE, Email
from app.projects.roles import Role


class NewInvitation(BaseModel):
    """An invitation to be sent."""

    model_config = ConfigDict(extra="forbid")

    email: Email
    role: Role = Role.MEMBER


class Acceptance(BaseModel):
    """The token of an invitation that is accepted."""

    model_config = ConfigDict(extra="forbid")

    token: Annotated[str, Field(max_length=2000, description="It is in the mail."), STORABLE]


class InvitationView(BaseModel):
    """An invitation that was neither accepted nor withdrawn."""

    id: int
    email: str
    role: Role
    invited_by: str
    created_at: Timestamp
    expires_at: Timestamp = Field(
        description="When it cannot be accepted any more, which may be over: send another then."
    )
