"""The table of the history. Nothing in it is ever changed or deleted: triggers see to that."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import Base, Moment


class Kind(StrEnum):
    """What happened."""

    PROJECT_CREATED = "project.created"
    PROJECT_CHANGED = "project.changed"
    PROJECT_REMOVED = "project.removed"
    MEMBER_JOINED = "member.joined"
    MEMBER_CHANGED = "member.changed"
    MEMBER_LEFT = "member.left"
    INVITATION_SENT = "invitation.sent"
    INVITATION_WITHDRAWN = "invitation.withdrawn"
    INVITATION_ACCEPTED = "invitation.accepted"
    TASK_CREATED = "task.created"
    TASK_CHANGED = "task.changed"
    TASK_REMOVED = "task.removed"
    COMMENT_ADDED = "comment.added"
    COMMENT_CHANGED = "comment.changed"
    COMMENT_REMOVED = "comment.removed"


class Activity(Base):
    """One change.

    Attributes:
        seq: Its number in the history of its project: 1, 2, 3, ... without gaps.
        actor_id: Who made it.
        kind: What happened.
        task_number: The task that it is about, if it is about one. It may be gone.
        subject: What exactly it is about: the key of a project or task, the name of a member, the
            number of a comment or invitation.
        changes: What it was before and what it was then, by field: `{"title": ["Old", "New"]}`.
    """

    __tablename__ = "activity"
    __table_args__ = (Index(None, "project_id", "task_number", "seq"),)

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[Moment]
    actor_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    task_number: Mapped[int | None]
    subject: Mapped[str] = mapped_column(Text)
    changes: Mapped[dict[str, list[Any]]] = mapped_column(
        JSON().with_variant(JSONB(), "postgresql")
    )
