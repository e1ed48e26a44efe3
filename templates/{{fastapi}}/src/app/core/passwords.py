"""Passwords: hashed with Argon2id, and checked in about the same time whoever asks."""

import os

from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError


class Passwords:
    """Hashes and checks passwords without holding up other requests.

    Args:
        hasher: Its parameters decide what a guess costs. The library's default is the second
            recommendation of RFC 9106, section 4: 64 MiB of memory for each hash.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        # What an unknown person's password is compared with, so that it takes as long.
        self._nobody = self._hasher.hash(os.urandom(16))
        # More at once would not be faster, and each takes its memory.
        self._limiter = CapacityLimiter(os.cpu_count() or 1)

    async def hash(self, password: str) -> str:
        """Return what may be stored; it has its own salt and parameters in it."""
        return await to_thread.run_sync(self._hasher.hash, password, limiter=self._limiter)

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether a password is the one that was stored; never where nothing is stored."""
        matches = await to_thread.run_sync(
            self._matches, stored or self._nobody, password, limiter=self._limiter
        )
        return matches and stored is not None

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except VerificationError:
            return False
