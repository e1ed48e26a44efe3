"""Which states an order can be in, and which moves there are: here and nowhere else."""

from collections.abc import Mapping

from django.db.models import TextChoices

from app.core.errors import ConflictError


class Status(TextChoices):
    """Where an order stands."""

    PENDING = "pending"
    PAID = "paid"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


MOVES: Mapping[Status, frozenset[Status]] = {
    Status.PENDING: frozenset({Status.PAID, Status.CANCELLED}),
    Status.PAID: frozenset({Status.SHIPPED, Status.CANCELLED}),
    Status.SHIPPED: frozenset({Status.DELIVERED, Status.REFUNDED}),
    Status.DELIVERED: frozenset({Status.REFUNDED}),
    Status.CANCELLED: frozenset(),
    Status.REFUNDED: frozenset(),
}

EARNING = frozenset({Status.PAID, Status.SHIPPED, Status.DELIVERED})
"""In these the shop has the money, and keeps it."""


def check_move(before: Status, after: Status) -> None:
    """Check that an order may go from one state to another.

    Raises:
        ConflictError: It may not; the message says which it may go to.
    """
    if after in MOVES[before]:
        return
    possible = [status.value for status in Status if status in MOVES[before]]
    ways = f"it can become {' or '.join(possible)}" if possible else "that is its end"
    raise ConflictError(
        f"The order is {before.value} and cannot become {after.value}: {ways}.",
        code="move_not_allowed",
    )
