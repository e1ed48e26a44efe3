"""Which orders are wanted, and in which order."""

from app.core.filters import Choice, FilterSet, Ordering
from app.orders.lifecycle import Status
from app.orders.models import Order

ORDERS = {"-placed": ["-placed_at"], "placed": ["placed_at"]}


class OrderFilters(FilterSet):
    """The parameters of the list of orders."""

    status = Choice(Status.values)
    ordering = Ordering(ORDERS, default="-placed")

    class Meta:
        model = Order
        fields = ()
