"""The table of mails that are to be sent."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import Base, Id, Moment

ERROR_LENGTH = 500


class Mail(Base):
    """A mail to one person, written in the transaction of what it is about.

    Attributes:
        text: What it says; empty once it is sent, for there may be a secret in it.
        attempts: How often it was tried to send it, the one that is being made included.
        next_attempt_at: From when on it is to be sent; nothing once it is sent or given up.
        sent_at: When a mail server took it.
        last_error: Why the last attempt failed.
    """

    __tablename__ = "mails"
    __table_args__ = (
        CheckConstraint("sent_at IS NULL OR next_attempt_at IS NULL", name="sent_is_done"),
        Index(None, "next_attempt_at", "id"),
    )

    id: Mapped[Id]
    recipient: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Moment]
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(ERROR_LENGTH))
