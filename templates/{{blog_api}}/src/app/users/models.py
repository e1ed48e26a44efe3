"""The table of users."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.core.models import Base, Id, Moment
from app.users.names import name_key

NAME_LENGTH = 50


class Role(StrEnum):
    """What a user may do beyond their own things."""

    USER = "user"
    MODERATOR = "moderator"


class User(Base):
    """Somebody with an account.

    Attributes:
        username_key: The name as names are compared: `Ada` and `ada` would be taken for each other.
        token_version: It goes up when the password changes, and tokens issued before are no good.
    """

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("role IN ('user', 'moderator')", name="role_is_known"),)

    id: Mapped[Id]
    username: Mapped[str] = mapped_column(String(NAME_LENGTH))
    username_key: Mapped[str] = mapped_column(Text, unique=True)
    email: Mapped[str] = mapped_column(Text, unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    bio: Mapped[str] = mapped_column(Text, default="")
    image: Mapped[str] = mapped_column(Text, default="")
    role: Mapped[str] = mapped_column(String(20), default=Role.USER)
    token_version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[Moment]

    @validates("username")
    def _set_key(self, _attribute: str, username: str) -> str:
        self.username_key = name_key(username)
        return username
