"""What is done for orders in the background."""

import logging

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.timezone import now
from django_tasks import task

from app.orders.models import Order

logger = logging.getLogger(__name__)


@task()
def send_confirmation(order_id: int) -> None:
    """Tell a customer that their order has arrived, once.

    The order and its place in the queue are rows of one transaction, so no mail speaks of an order
    that was not kept. Whoever sets the mark sends the mail; run twice, the task sends one. Nothing
    is locked while the mail server is talked to. If that fails the mark is taken back, and
    `python -m app tidy` asks for the mail again; a crash in between leaves an order without one.
    """
    unsent = Order.objects.filter(pk=order_id, confirmation_sent_at=None)
    if not unsent.update(confirmation_sent_at=now()):
        return
    order = Order.objects.prefetch_related("lines").get(pk=order_id)
    try:
        _confirmation(order).send()
    except Exception:
        Order.objects.filter(pk=order_id).update(confirmation_sent_at=None)
        raise
    logger.info("confirmation sent", extra={"order": order.number})


def _confirmation(order: Order) -> EmailMessage:
    return EmailMessage(
        subject=f"Your order {order.number}",
        body=render_to_string("orders/confirmation.txt", {"order": order}),
        to=[order.email],
    )
