"""The tables of tasks and their labels."""

from datetime import date

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.choices import one_of
from app.core.models import Base, Id, Moment
from app.tasks.values import Status

TITLE_LENGTH = 200
LABEL_LENGTH = 50


class TaskLabel(Base):
    """A word that a task is filed under. Labels are words on tasks; there is no table of labels."""

    __tablename__ = "task_labels"

    task_id: Mapped[int] = mapped_column(
        ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(LABEL_LENGTH), primary_key=True, index=True)


class Task(Base):
    """Something that there is to do.

    Attributes:
        number: The second part of its key.
        priority: By its number in `Priority`, so that it can be sorted by.
        parent_id: The task that it is a part of.
        rank: Its place in the column of its status; the lowest is at the top: see `ranks.py`.
        version: It goes up with each change, and nobody changes a version that they have not seen.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        # Only members have tasks, and who leaves has none.
        ForeignKeyConstraint(
            ["project_id", "assignee_id"], ["members.project_id", "members.user_id"]
        ),
        one_of("status", Status, name="status_is_known"),
        CheckConstraint("priority BETWEEN 0 AND 3", name="priority_is_known"),
        # Lists are read along these. Each sort ends with the number, so no two are the same.
        Index(None, "project_id", "status", "rank", "number"),
        Index(None, "project_id", "updated_at", "number"),
        Index(None, "project_id", "assignee_id"),
    )

    id: Mapped[Id]
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    description: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(20))
    priority: Mapped[int] = mapped_column(SmallInteger)
    assignee_id: Mapped[int | None]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id"), index=True)
    due_date: Mapped[date | None]
    rank: Mapped[int]
    version: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]

    # Asking for labels that were not loaded is an error, not one more query for each task.
    labels: Mapped[list[TaskLabel]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True
    )
