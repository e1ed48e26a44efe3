"""Tables of orders. What was agreed on is copied, so that no later change of a price reaches it."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

from app.accounts.models import User
from app.accounts.rights import may
from app.catalogue.models import Product
from app.money import DECIMAL_PLACES, MAX_DIGITS, Money
from app.orders.lifecycle import Status
from app.orders.numbers import new_number

KEY_LENGTH = 128


class OrderQuerySet(models.QuerySet["Order"]):
    """Reads of orders."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those that somebody may know of: one's own, and all for who may view orders."""
        if isinstance(user, AnonymousUser):
            return self.none()
        if may(user, "orders.view_order"):
            return self
        return self.filter(customer=user)

    def whole(self) -> Self:
        """With their lines and history: one statement more for each, however many orders."""
        return self.prefetch_related(*Order.PARTS)


class Order(models.Model):
    """What a customer bought, where it goes, and where it stands."""

    PARTS = ("lines", "changes")

    number = models.CharField(max_length=14, unique=True, default=new_number, editable=False)
    customer = models.ForeignKey(User, models.PROTECT, related_name="orders")
    email = models.EmailField(max_length=254)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING)
    total_amount = models.DecimalField(max_digits=MAX_DIGITS, decimal_places=DECIMAL_PLACES)
    tax_amount = models.DecimalField(max_digits=MAX_DIGITS, decimal_places=DECIMAL_PLACES)
    currency = models.CharField(max_length=3)
    recipient = models.CharField(max_length=120)
    street = models.CharField(max_length=200)
    postal_code = models.CharField(max_length=20)
    city = models.CharField(max_length=120)
    country = models.CharField(max_length=2)
    # What makes asking twice the same as asking once.
    idempotency_key = models.CharField(max_length=KEY_LENGTH, editable=False)
    request_digest = models.CharField(max_length=64, editable=False)
    placed_at = models.DateTimeField(auto_now_add=True)
    confirmation_sent_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ("-placed_at", "-pk")
        permissions = (
            ("cancel_order", "Can cancel orders of others"),
            ("ship_order", "Can send orders off, and say that they arrived"),
            ("refund_order", "Can give money back"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["customer", "idempotency_key"], name="order_once_for_each_key"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=Status.values), name="order_status_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(total_amount__gte=models.F("tax_amount"))
                & models.Q(tax_amount__gte=0),
                name="order_total_includes_its_tax",
            ),
        )
        indexes = (
            models.Index(fields=["customer", "-placed_at", "-id"], name="order_by_customer"),
            models.Index(fields=["-placed_at", "-id"], name="order_by_age"),
            models.Index(fields=["status", "placed_at"], name="order_by_status"),
            models.Index(fields=["currency", "placed_at"], name="order_by_currency"),
        )

    def __str__(self) -> str:
        """Its number."""
        return self.number

    @property
    def total(self) -> Money:
        """What the customer pays, tax included."""
        return Money(self.total_amount, self.currency)

    @property
    def tax(self) -> Money:
        """The tax in the total."""
        return Money(self.tax_amount, self.currency)


class OrderLine(models.Model):
    """So many of a product, as it was sold."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    sku = models.CharField("SKU", max_length=40)
    name = models.CharField(max_length=120)
    quantity = models.PositiveSmallIntegerField()
    unit_amount = models.DecimalField(max_digits=MAX_DIGITS, decimal_places=DECIMAL_PLACES)
    tax_rate = models.DecimalField(max_digits=4, decimal_places=2)
    amount = models.DecimalField(max_digits=MAX_DIGITS, decimal_places=DECIMAL_PLACES)
    tax_amount = models.DecimalField(max_digits=MAX_DIGITS, decimal_places=DECIMAL_PLACES)
    # Once more, so that a line can be read without its order.
    currency = models.CharField(max_length=3)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["order", "product"], name="order_line_once_for_each_product"
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=1), name="order_line_has_pieces"
            ),
        )

    def __str__(self) -> str:
        """How many of what."""
        return f"{self.quantity} × {self.sku}"  # noqa: RUF001 - the sign for "times"

    @property
    def unit_price(self) -> Money:
        """What one cost."""
        return Money(self.unit_amount, self.currency)

    @property
    def total(self) -> Money:
        """What they cost together, tax included."""
        return Money(self.amount, self.currency)

    @property
    def tax(self) -> Money:
        """The tax in that."""
        return Money(self.tax_amount, self.currency)


class StatusChange(models.Model):
    """A move of an order: from where to where, by whom and when."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="changes")
    # Empty for the first, which is the order being placed.
    before = models.CharField(max_length=10, choices=Status.choices, blank=True)
    after = models.CharField(max_length=10, choices=Status.choices)
    # Nobody, where the payment provider or the clock did it.
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        """Where it went."""
        return f"{self.before or 'new'} to {self.after}"
