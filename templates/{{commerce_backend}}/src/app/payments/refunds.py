"""Giving money back. It stands alone because orders ask for it, and payments know of orders."""

import logging
from typing import TYPE_CHECKING

from django_tasks import task

from app.core.tasks import is_waiting
from app.payments.models import Payment, PaymentStatus
from app.payments.provider import provider

if TYPE_CHECKING:
    from app.orders.models import Order

logger = logging.getLogger(__name__)


def refund_request(*, order: "Order") -> None:
    """See to it that what was paid for an order is given back. The caller has locked the order.

    The provider is asked in the background, once this transaction is committed.
    """
    for payment in Payment.objects.filter(order=order, status=PaymentStatus.SUCCEEDED):
        payment_give_back(payment)


def payment_give_back(payment: Payment) -> None:
    """Mark a payment as to be given back, and put that into the queue."""
    payment.status = PaymentStatus.REFUND_REQUESTED
    payment.save(update_fields=["status"])
    refund.enqueue(payment.pk)


def refunds_repeat() -> int:
    """Ask again for refunds that have not come through; return how many.

    As long as refunds wait in the queue, nothing has gone wrong with them.
    """
    if is_waiting(refund):
        return 0
    waiting = Payment.objects.filter(status=PaymentStatus.REFUND_REQUESTED)
    pks = list(waiting.values_list("pk", flat=True))
    for pk in pks:
        refund.enqueue(pk)
    return len(pks)


@task()
def refund(payment_id: int) -> None:
    """Ask the provider to give a payment back. Doing so twice is like doing it once.

    Raises:
        LookupError: The payment was made with a provider that the shop does not have any more.
    """
    payment = Payment.objects.get(pk=payment_id)
    if payment.status != PaymentStatus.REFUND_REQUESTED:
        return
    if payment.provider != provider().name:
        raise LookupError(f"{payment.reference} was made with {payment.provider}: refund it there")
    provider().refund(reference=payment.reference, money=payment.money)
    Payment.objects.filter(pk=payment_id, status=PaymentStatus.REFUND_REQUESTED).update(
        status=PaymentStatus.REFUNDED
    )
    logger.info("payment refunded", extra={"reference": payment.reference})
