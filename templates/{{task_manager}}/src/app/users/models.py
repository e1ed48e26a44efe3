"""The tables of users and of their sessions."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import Base, Id, Moment
from app.core.numbers import new_number
from app.users.columns import UserColumns


class User(UserColumns, Base):
    """Somebody with an account. Their name never changes: mentions and the history use it."""

    __tablename__ = "users"


class Session(Base):
    """Somebody who is signed in: what their tokens refer to. Without it the tokens are no good.

    Attributes:
        id: At random: see `new_number`.
        refresh_id: The number of the one refresh token that is good now.
        previous_refresh_id: The number of the one before it.
        token_version: The user's at the time of signing in. A new password raises the user's, and
            all sessions from before are over.
    """

    __tablename__ = "sessions"

    id: Mapped[Id] = mapped_column(default=new_number)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    refresh_id: Mapped[int]
    previous_refresh_id: Mapped[int | None]
    token_version: Mapped[int]
    created_at: Mapped[Moment]
    renewed_at: Mapped[Moment]
    expires_at: Mapped[datetime]
