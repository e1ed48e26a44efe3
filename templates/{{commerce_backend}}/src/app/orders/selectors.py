"""Reads of orders."""

from django.contrib.auth.models import AnonymousUser

from app.accounts.models import User
from app.core.errors import NotFoundError
from app.orders.models import Order
from app.orders.numbers import is_number


def order_get(*, number: str, user: User | AnonymousUser) -> Order:
    """Find an order that somebody may know of.

    Raises:
        NotFoundError: There is none, or it is somebody else's: that is the same to who asks.
    """
    orders = Order.objects.visible_to(user)
    order = orders.filter(number=number).first() if is_number(number) else None
    if order is None:
        raise NotFoundError("There is no such order.", code="order_not_found")
    return order
