"""Passwords are hashed with Argon2id, a few at a time."""

import os
from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

# More at once would not be faster, and each takes 100 MiB of memory.
_turns = BoundedSemaphore(os.cpu_count() or 1)


class Argon2(Argon2PasswordHasher):
    """Django's, with its parameters, and never more at once than there are processors."""

    def encode(self, password: str, salt: str) -> str:
        """Return what may be stored."""
        with _turns:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Whether a password is the one that was stored."""
        with _turns:
            return super().verify(password, encoded)
