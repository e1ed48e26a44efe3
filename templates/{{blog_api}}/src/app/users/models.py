"""The table of users."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import Base
from app.users.columns import UserColumns


class Role(StrEnum):
    """What a user may do beyond their own things."""

    USER = "user"
    MODERATOR = "moderator"


class User(UserColumns, Base):
    """Somebody with an account and a profile."""

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("role IN ('user', 'moderator')", name="role_is_known"),)

    bio: Mapped[str] = mapped_column(Text, default="")
    image: Mapped[str] = mapped_column(Text, default="")
    role: Mapped[str] = mapped_column(String(20), default=Role.USER)
