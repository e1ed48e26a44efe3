"""Faults that happen to some of what comes, and not before a while."""

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Counted:
    """A fault that is counted.

    Attributes:
        after: How many are left alone first.
        times: How many it then happens to; `None` if to all.
    """

    after: int = 0
    times: int | None = None

    def happens(self) -> bool:
        """Whether it happens to the next one, which is then counted."""
        if self.times == 0:
            return False
        if self.after:
            self.after -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True
