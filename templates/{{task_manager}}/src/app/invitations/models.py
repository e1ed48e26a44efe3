"""The table of invitations that are open."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.choices import one_of
from app.core.models import Base, Id, Moment
from app.core.numbers import new_number
from app.projects.roles import Role


class Invitation(Base):
    """Somebody is invited to a project, by mail. It is gone when it is accepted or withdrawn.

    Attributes:
        id: At random: see `new_number`.
        email: To whom it was sent. The account that accepts must have this address.
        invited_by_id: Who may give what it offers: if they may not any more, it is withdrawn.
        expires_at: Until when the token in the mail is good.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        one_of("role", Role, name="role_is_known"),
        UniqueConstraint("project_id", "email"),
    )

    id: Mapped[Id] = mapped_column(default=new_number)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    email: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(20))
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[Moment]
    expires_at: Mapped[datetime]
