"""Starting payments, and believing what the provider reports of them, once."""

import logging

from django.db import transaction

from app.core.errors import ConflictError, NotFoundError
from app.orders.lifecycle import Status
from app.orders.models import Order
from app.orders.services import order_lock, order_move, order_pay
from app.payments.models import Outcome, Payment, PaymentEvent, PaymentStatus
from app.payments.provider import Event, EventKind, provider
from app.payments.refunds import payment_give_back

logger = logging.getLogger(__name__)

# A report changes a payment only forwards: one that comes later than what it led to is nothing new.
_AFTER = {
    EventKind.FAILED: frozenset({PaymentStatus.PENDING}),
    EventKind.SUCCEEDED: frozenset({PaymentStatus.PENDING, PaymentStatus.FAILED}),
    EventKind.REFUNDED: frozenset({PaymentStatus.SUCCEEDED, PaymentStatus.REFUND_REQUESTED}),
}
_UNPAID = frozenset({PaymentStatus.PENDING, PaymentStatus.FAILED})

# What becomes of an order whose money the provider has given back without being asked.
_TAKEN_BACK = {
    Status.PAID: Status.CANCELLED,
    Status.SHIPPED: Status.REFUNDED,
    Status.DELIVERED: Status.REFUNDED,
}


def payment_start(*, order: Order) -> tuple[Payment, str]:
    """Tell the provider that an order is to be paid.

    Asked again, it gives the same payment, until that has failed.

    Returns:
        The payment, and where the customer pays.

    Raises:
        ConflictError: The order is paid already, or cancelled.
        ProviderUnavailableError: The provider does not answer.
    """
    _check_payable(order)
    done = order.payments.exclude(status=PaymentStatus.PENDING).count()
    # The provider is asked before the order is locked. The key makes sure that two requests at
    # once, or one that was repeated, get the same payment.
    intent = provider().create(key=f"{order.number}/{done}", money=order.total)
    with transaction.atomic():
        _check_payable(order_lock(order))
        payment, _ = Payment.objects.get_or_create(
            provider=provider().name,
            reference=intent.reference,
            defaults={
                "order": order,
                "amount": order.total_amount,
                "currency": order.currency,
            },
        )
    return payment, intent.url


def event_apply(*, event: Event) -> PaymentEvent:
    """Do what a provider's report asks for, if it has not been done.

    Raises:
        NotFoundError: The payment is not known. It may be known in a moment, for the provider can
            be faster than the commit; providers repeat a report that was not taken.
        ConflictError: It is about giving money back that is not here yet, so it came too early.
    """
    known = Payment.objects.filter(provider=provider().name, reference=event.reference)
    payment = known.select_related("order").first()
    if payment is None:
        raise NotFoundError("There is no such payment.", code="payment_not_found")
    with transaction.atomic():
        # Always the order first: who cancels it locks it first, too.
        order = order_lock(payment.order)
        payment = known.select_for_update(no_key=True).get()
        earlier = payment.events.filter(event_id=event.event_id).first()
        if earlier is not None:
            return earlier
        outcome = _apply(event, payment, order)
        return PaymentEvent.objects.create(
            payment=payment, event_id=event.event_id, kind=event.kind, outcome=outcome
        )


def _apply(event: Event, payment: Payment, order: Order) -> Outcome:
    if event.kind is EventKind.REFUNDED and payment.status in _UNPAID:
        raise ConflictError(
            "This payment has not succeeded yet. Report it again after that.", code="too_early"
        )
    if payment.status not in _AFTER[event.kind]:
        return Outcome.SUPERSEDED
    if event.money != payment.money:
        logger.error(
            "a payment's amount is not the order's",
            extra={"order": order.number, "reference": payment.reference},
        )
        return Outcome.MISMATCH
    match event.kind:
        case EventKind.FAILED:
            payment.status = PaymentStatus.FAILED
        case EventKind.REFUNDED:
            payment.status = PaymentStatus.REFUNDED
        case EventKind.SUCCEEDED:
            payment.status = PaymentStatus.SUCCEEDED
    payment.save(update_fields=["status"])
    if event.kind is EventKind.SUCCEEDED:
        _settle(payment, order)
    elif event.kind is EventKind.REFUNDED:
        _take_back(payment, order)
    return Outcome.APPLIED


def _settle(payment: Payment, order: Order) -> None:
    """Mark an order as paid, or give back what came for one that is not to be paid any more."""
    if order.status == Status.PENDING:
        order_pay(order=order, reason=f"payment {payment.reference}")
        return
    logger.warning(
        "paid too late, or twice",
        extra={"order": order.number, "status": order.status, "reference": payment.reference},
    )
    payment_give_back(payment)


def _take_back(payment: Payment, order: Order) -> None:
    """Move an order whose money is gone: nothing more is sent, and it is not counted as sold."""
    after = _TAKEN_BACK.get(Status(order.status))
    if after is None:
        return  # cancelled or refunded here, which is why the money went back
    logger.warning(
        "given back by the provider",
        extra={"order": order.number, "reference": payment.reference},
    )
    order_move(order=order, to=after, actor=None, reason=f"payment {payment.reference} given back")


def _check_payable(order: Order) -> None:
    if order.status != Status.PENDING:
        raise ConflictError(
            f"The order is {order.status}; only a pending order can be paid.",
            code="not_payable",
        )
