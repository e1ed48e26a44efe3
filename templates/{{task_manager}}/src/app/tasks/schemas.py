"""What requests and responses about tasks look like."""

from datetime import date
from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from app.core.days import Day
from app.core.omissible import Omissible
from app.core.pages import PageQuery
from app.core.schemas import Changes, Timestamp
from app.core.text import NO_COMMA, ONE_LINE, STORABLE
from app.projects.schemas import MemberName
from app.tasks.keys import AnyTaskKey
from app.tasks.models import LABEL_LENGTH, TITLE_LENGTH
from app.tasks.values import Priority, Status

MOST_LABELS = 20


def _one_of_each(labels: list[str]) -> list[str]:
    # Sorted here, for databases differ in how they sort text.
    return sorted(set(labels))


Title = Annotated[str, StringConstraints(strip_whitespace=True, max_length=TITLE_LENGTH), ONE_LINE]
# With more, PostgreSQL's index of its words could exceed the 1 MiB that it may have.
Description = Annotated[str, Field(max_length=50_000), STORABLE]
Label = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LABEL_LENGTH), NO_COMMA]
Labels = Annotated[list[Label], Field(max_length=MOST_LABELS), AfterValidator(_one_of_each)]
Each = TypeVar("Each")
Several = Annotated[list[Each], Field(max_length=MOST_LABELS)]
Words = Annotated[str, StringConstraints(max_length=200), STORABLE]
Parent = Annotated[AnyTaskKey, Field(description="The key of the task that it is a part of.")]


class NewTask(BaseModel):
    """A task to be made. It begins as `todo`, at the bottom of that column."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    description: Description = ""
    priority: Priority = Priority.NORMAL
    assignee: MemberName | None = None
    labels: Labels = []
    due_date: Day | None = None
    parent: Parent | None = None


class TaskChanges(Changes):
    """What changes in a task; what is left out stays, and null takes away what can be missing."""

    model_config = ConfigDict(extra="forbid")

    title: Omissible[Title] = None
    description: Omissible[Description] = None
    status: Annotated[
        Omissible[Status], Field(description="It goes to the bottom of that column.")
    ] = None
    priority: Omissible[Priority] = None
    assignee: MemberName | None = None
    labels: Omissible[Labels] = None
    due_date: Day | None = None
    parent: Parent | None = None


class Move(BaseModel):
    """Where a task goes on the board."""

    model_config = ConfigDict(extra="forbid")

    status: Annotated[
        Omissible[Status], Field(description="Its new column; the one where it is if left out.")
    ] = None
    after: Annotated[
        AnyTaskKey | None,
        Field(description="The key of the task that is to be above it; null for the top."),
    ]


class Sort(StrEnum):
    """What a list of tasks is sorted by; with a minus the other way round."""

    POSITION = "position"
    CREATED = "created"
    CREATED_LAST = "-created"
    UPDATED = "updated"
    UPDATED_LAST = "-updated"
    PRIORITY = "priority"
    PRIORITY_LAST = "-priority"
    DUE = "due"
    DUE_LAST = "-due"


class TaskQuery(PageQuery):
    """Which tasks a list has. What is not said does not matter."""

    status: Annotated[
        Several[Status] | None, Field(description="In this column; in any, if there are several.")
    ] = None
    priority: Annotated[
        Several[Priority] | None, Field(description="Of this priority, or one of these.")
    ] = None
    assignee: Annotated[MemberName | None, Field(description="Of this member.")] = None
    assigned: Annotated[bool | None, Field(description="Whether it is anybody's.")] = None
    author: Annotated[MemberName | None, Field(description="Made by this user.")] = None
    label: Annotated[
        Several[Words] | None, Field(description="With this label, or one of these.")
    ] = None
    parent: Annotated[AnyTaskKey | None, Field(description="Parts of this task.")] = None
    subtask: Annotated[bool | None, Field(description="Whether it is a part of any.")] = None
    due_from: Annotated[Day | None, Field(description="Due on this day or later.")] = None
    due_until: Annotated[Day | None, Field(description="Due on this day or before.")] = None
    q: Annotated[
        Words | None, Field(description="With all of these words; or the task with this key.")
    ] = None
    sort: Annotated[
        Sort, Field(description="`position` is the board: column by column, from the top.")
    ] = Sort.POSITION


class TaskSummary(BaseModel):
    """A task in a list: all but its description."""

    key: str = Field(examples=["WEB-12"])
    title: str
    status: Status
    priority: Priority
    assignee: str | None = Field(description="The name of the member who does it.")
    labels: list[str]
    due_date: date | None
    parent: str | None = Field(description="The key of the task that it is a part of.")
    author: str
    version: int = Field(description='Its ETag is this in quotes: `"3"`.')
    created_at: Timestamp
    updated_at: Timestamp


class FullTask(TaskSummary):
    """A task."""

    description: str
