"""What every table of users has; `models.py` adds what is this project's own."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.core.models import Id, Moment
from app.users.names import NAME_LENGTH, name_key


class UserColumns:
    """Somebody with an account.

    Attributes:
        username_key: The name as names are compared: `Ada` and `ada` would be taken for each other.
        token_version: It goes up when the password changes, and tokens issued before are no good.
    """

    id: Mapped[Id]
    username: Mapped[str] = mapped_column(String(NAME_LENGTH))
    username_key: Mapped[str] = mapped_column(Text, unique=True)
    email: Mapped[str] = mapped_column(Text, unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    token_version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[Moment]

    @validates("username")
    def _set_key(self, _attribute: str, username: str) -> str:
        self.username_key = name_key(username)
        return username
