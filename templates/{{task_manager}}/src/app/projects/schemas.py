"""What requests and responses about projects and members look like."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.core.omissible import Omissible
from app.core.schemas import Changes, Timestamp
from app.core.text import ONE_LINE, STORABLE
from app.projects.keys import AnyProjectKey
from app.projects.models import NAME_LENGTH
from app.projects.roles import Role

Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=NAME_LENGTH), ONE_LINE]
Description = Annotated[str, Field(max_length=5000), STORABLE]
MemberName = Annotated[
    str, StringConstraints(max_length=200), STORABLE, Field(description="The name of a member.")
]


class NewProject(BaseModel):
    """A project to be made."""

    model_config = ConfigDict(extra="forbid")

    key: AnyProjectKey = Field(examples=["WEB"])
    name: Name
    description: Description = ""


class ProjectChanges(Changes):
    """What changes in a project; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: Omissible[Name] = None
    description: Omissible[Description] = None


class ProjectView(BaseModel):
    """A project."""

    key: str
    name: str
    description: str
    role: Role = Field(description="What the one who asks is in it.")
    created_at: Timestamp


class MemberView(BaseModel):
    """Somebody who takes part in a project."""

    username: str
    role: Role
    joined_at: Timestamp


class RoleChange(BaseModel):
    """What a member is to be."""

    model_config = ConfigDict(extra="forbid")

    role: Role
