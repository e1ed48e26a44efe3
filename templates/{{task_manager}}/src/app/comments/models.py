"""The table of comments."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import Base, Id, Moment


class Comment(Base):
    """What somebody has to say about a task.

    Attributes:
        body: Markdown, as it was written.
    """

    __tablename__ = "comments"
    # Without it SQLite would give the number of a removed comment to the next one.
    __table_args__ = (Index(None, "task_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Moment]
    edited_at: Mapped[datetime | None]
