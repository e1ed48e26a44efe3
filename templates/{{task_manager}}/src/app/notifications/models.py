"""The table of notifications."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.choices import one_of
from app.core.models import Base, Id, Moment


class Reason(StrEnum):
    """Why somebody is notified."""

    MENTIONED = "mentioned"
    ASSIGNED = "assigned"


class Notification(Base):
    """Something that somebody should look at.

    Attributes:
        actor_id: Who mentioned them, or gave them the task.
        comment_id: The comment that mentions them.
        read_at: When they said that they had seen it.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        one_of("reason", Reason, name="reason_is_known"),
        Index(None, "user_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"), index=True)
    comment_id: Mapped[int | None] = mapped_column(
        ForeignKey("comments.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[Moment]
    read_at: Mapped[datetime | None]
