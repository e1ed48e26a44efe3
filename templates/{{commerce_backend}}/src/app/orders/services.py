"""What happens to an order after it was placed. Each move locks the order, so moves take turns."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils.timezone import now

from app.accounts.models import User
from app.catalogue.models import Product
from app.catalogue.services import stock_move
from app.core.tasks import is_waiting
from app.orders.lifecycle import Status, check_move
from app.orders.models import Order, StatusChange
from app.orders.tasks import send_confirmation
from app.payments.refunds import refund_request

logger = logging.getLogger(__name__)

RESENT_FOR = timedelta(days=1)
"""A confirmation that could not be sent for so long is worth nothing any more."""


def order_pay(*, order: Order, reason: str) -> None:
    """Note that an order has been paid. Only the payment provider's word does that.

    Raises:
        ConflictError: It cannot be paid any more.
    """
    order_move(order=order, to=Status.PAID, actor=None, reason=reason)


def order_ship(*, order: Order, actor: User) -> None:
    """Note that an order has left.

    Raises:
        ConflictError: It has not been paid, or has left already.
    """
    order_move(order=order, to=Status.SHIPPED, actor=actor)


def order_deliver(*, order: Order, actor: User) -> None:
    """Note that an order has arrived.

    Raises:
        ConflictError: It has not left.
    """
    order_move(order=order, to=Status.DELIVERED, actor=actor)


def order_cancel(*, order: Order, actor: User | None, reason: str = "") -> None:
    """Cancel an order that has not left: its goods return to the stock, its money to the customer.

    Raises:
        ConflictError: It has left, or has been cancelled already.
    """
    order_move(order=order, to=Status.CANCELLED, actor=actor, reason=reason)


def order_refund(*, order: Order, actor: User, reason: str = "") -> None:
    """Give back the money for an order that has left.

    The stock stays as it is. Whether what comes back can be sold again is for who opens the parcel
    to say.

    Raises:
        ConflictError: It has not left; cancel it instead.
    """
    order_move(order=order, to=Status.REFUNDED, actor=actor, reason=reason)


def orders_expire(*, unpaid_for: timedelta) -> int:
    """Cancel orders that were not paid in time, so that others can buy what they hold.

    Returns:
        How many there were.
    """
    late = Order.objects.filter(status=Status.PENDING, placed_at__lt=now() - unpaid_for)
    count = 0
    for order in late.order_by("pk"):
        with transaction.atomic():
            if order_lock(order).status == Status.PENDING:
                order_cancel(order=order, actor=None, reason="not paid in time")
                count += 1
    return count


def confirmations_resend(*, unsent_for: timedelta) -> int:
    """Ask again for the confirmations of recent orders that were not sent; return how many.

    As long as some wait in the queue, nothing has gone wrong with them.
    """
    if is_waiting(send_confirmation):
        return 0
    moment = now()
    unsent = Order.objects.filter(
        confirmation_sent_at=None,
        placed_at__lt=moment - unsent_for,
        placed_at__gt=moment - RESENT_FOR,
    ).exclude(status=Status.CANCELLED)
    pks = list(unsent.values_list("pk", flat=True))
    for pk in pks:
        send_confirmation.enqueue(pk)
    return len(pks)


def order_lock(order: Order) -> Order:
    """Lock an order until the transaction ends, and read it anew."""
    return Order.objects.select_for_update(no_key=True).get(pk=order.pk)


def order_move(*, order: Order, to: Status, actor: User | None, reason: str = "") -> None:
    """Move an order to another state, with all that goes with it.

    Args:
        order: The order; its `status` is right afterwards.
        to: Where it goes.
        actor: Who moves it; nobody, where it is a provider or the clock.
        reason: Why, for the record.

    Raises:
        ConflictError: There is no such move from where the order stands.
    """
    with transaction.atomic():
        locked = order_lock(order)
        before = Status(locked.status)
        check_move(before, to)
        locked.status = to
        locked.save(update_fields=["status"])
        StatusChange.objects.create(
            order=locked, before=before, after=to, actor=actor, reason=reason
        )
        if to is Status.CANCELLED:
            _return_stock(locked)
        if to in {Status.CANCELLED, Status.REFUNDED}:
            refund_request(order=locked)
    order.status = to
    logger.info(
        "order moved", extra={"order": order.number, "before": before.value, "after": to.value}
    )


def _return_stock(order: Order) -> None:
    """Put an order's goods back: it can only be cancelled as long as they have not left."""
    pieces = dict(order.lines.values_list("product_id", "quantity"))
    Product.objects.locked(pieces)
    stock_move(pieces)
