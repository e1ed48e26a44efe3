"""The tables of projects and their members."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.choices import one_of
from app.core.models import Base, Id, Moment
from app.projects.roles import Role

KEY_LENGTH = 10
NAME_LENGTH = 100


class Project(Base):
    """Something that people work on together.

    Whoever changes anything in a project locks this row first and holds it until the commit. So
    the numbers below have no gaps, and become visible in their order: see
    docs/decisions/0402-history.md.

    Attributes:
        key: The first part of the keys of its tasks. It stays, also when the project is removed.
        last_task: The number of its newest task.
        last_activity: The number of the newest entry of its history.
        removed_at: When it was removed. Its history is never deleted, so its row is not either.
    """

    __tablename__ = "projects"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(KEY_LENGTH), unique=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    description: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[Moment]
    last_task: Mapped[int] = mapped_column(default=0)
    last_activity: Mapped[int] = mapped_column(default=0)
    removed_at: Mapped[datetime | None]


class Member(Base):
    """Somebody who takes part in a project."""

    __tablename__ = "members"
    __table_args__ = (one_of("role", Role, name="role_is_known"),)

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(20))
    joined_at: Mapped[Moment]
