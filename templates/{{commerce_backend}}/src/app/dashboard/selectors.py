"""What the dashboard shows, read in a few statements however many orders there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Count
from django.db.models.functions import TruncDate

from app.catalogue.models import Product
from app.money import Money, exact_sum, from_thousandths, total
from app.orders.lifecycle import EARNING, Status
from app.orders.models import Order


@dataclass(frozen=True, slots=True)
class Day:
    """What was sold on one day, by UTC."""

    day: date
    orders: int
    sales: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Sales:
    """What was sold on each of some days, in one currency."""

    currency: str
    days: Sequence[Day]

    @property
    def total(self) -> Money:
        """All of it."""
        return total((day.sales for day in self.days), self.currency)

    @property
    def orders(self) -> int:
        """How many orders that were."""
        return sum(day.orders for day in self.days)


def currencies() -> list[str]:
    """The currencies that orders were placed in: a look into an index for each that there is."""
    return [code for code in settings.CURRENCIES if Order.objects.filter(currency=code).exists()]


def sales_by_day(*, currency: str, last: date, days: int) -> Sales:
    """Read what was sold: orders whose money the shop has, by the day on which they were placed.

    Args:
        currency: Money of this kind only; two kinds cannot be added.
        last: The last day.
        days: How many days, with that one; those without sales are there too.
    """
    first = last - timedelta(days=days - 1)
    rows = (
        Order.objects.filter(
            # Moments, not dates of them: an index finds these.
            placed_at__gte=_begin(first),
            placed_at__lt=_begin(last + timedelta(days=1)),
            currency=currency,
            status__in=EARNING,
        )
        .order_by()
        .annotate(day=TruncDate("placed_at"))
        .values("day")
        .annotate(count=Count("pk"), thousandths=exact_sum("total_amount"))
    )
    found = {
        row["day"]: Day(row["day"], row["count"], from_thousandths(row["thousandths"], currency))
        for row in rows
    }
    every = (first + timedelta(days=number) for number in range(days))
    return Sales(
        currency=currency,
        days=[found.get(day) or Day(day, 0, Money(0, currency)) for day in every],
    )


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def waiting() -> dict[str, int]:
    """How many orders wait for money, and how many for being sent off."""
    counted = dict(
        Order.objects.filter(status__in=(Status.PENDING, Status.PAID))
        .order_by()
        .values_list("status")
        .annotate(Count("pk"))
    )
    return {"unpaid": counted.get(Status.PENDING, 0), "to_ship": counted.get(Status.PAID, 0)}


def scarce(*, at_most: int, limit: int) -> list[Product]:
    """Products for sale of which there are few, the fewest first."""
    few = Product.objects.filter(is_active=True, stock__lte=at_most)
    return list(few.order_by("stock", "name", "pk")[:limit])
