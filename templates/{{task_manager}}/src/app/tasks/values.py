"""What a task can be: how far, how urgent, and how it gets from one state to the next."""

from collections.abc import Mapping
from enum import StrEnum

from app.core.errors import ConflictError


class Status(StrEnum):
    """How far a task is: the columns of the board, from left to right."""

    TODO = "todo"
    IN_PROGRESS = "in_progress"
    IN_REVIEW = "in_review"
    DONE = "done"


class Priority(StrEnum):
    """How urgent a task is, from the least to the most."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"

    @property
    def number(self) -> int:
        """The same as a number, to be stored and sorted by."""
        return list(Priority).index(self)

    @classmethod
    def of(cls, number: int) -> "Priority":
        """The priority with a number."""
        return list(cls)[number]


MOVES: Mapping[Status, frozenset[Status]] = {
    Status.TODO: frozenset({Status.IN_PROGRESS}),
    Status.IN_PROGRESS: frozenset({Status.TODO, Status.IN_REVIEW}),
    Status.IN_REVIEW: frozenset({Status.IN_PROGRESS, Status.DONE}),
    # What turns out not to be done goes on, or back to the start.
    Status.DONE: frozenset({Status.TODO, Status.IN_PROGRESS}),
}
"""Where a task may go from each status. This is the only place that says so."""


def check_move(before: Status, after: Status) -> None:
    """Go on only if a task may go this way; staying is always right.

    Raises:
        ConflictError: It may not.
    """
    if after is not before and after not in MOVES[before]:
        ways = " or ".join(status for status in Status if status in MOVES[before])
        raise ConflictError(
            f"A task that is {before} can go to {ways}, and not to {after}.", code="no_such_move"
        )
