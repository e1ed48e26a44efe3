"""The table of invitations that are open."""

import secrets
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import Base, Id, Moment


def _new_number() -> int:
    # JavaScript keeps whole numbers of 53 bits as they are.
    return secrets.randbits(52) + 1


class Invitation(Base):
    """Somebody is invited to a project, by mail. It is gone when it is accepted or withdrawn.

    Attributes:
        id: At random. SQLite gives numbers out again, and with one an old token would be good.
        email: To whom it was sent. Nobody else can accept it.
        expires_at: Until when the token in the mail is good.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint(
            "role IN ('viewer', 'member', 'maintainer', 'owner')", name="role_is_known"
        ),
        UniqueConstraint("project_id", "email"),
    )

    id: Mapped[Id] = mapped_column(default=_new_number)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    email: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(20))
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[Moment]
    expires_at: Mapped[datetime]
