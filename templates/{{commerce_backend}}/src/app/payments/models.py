"""Tables of payments."""

from django.db import models

from app.money import DECIMAL_PLACES, MAX_DIGITS, Money


class PaymentStatus(models.TextChoices):
    """Where a payment stands."""

    PENDING = "pending"
    FAILED = "failed"
    SUCCEEDED = "succeeded"
    REFUND_REQUESTED = "refund_requested"
    REFUNDED = "refunded"


class Payment(models.Model):
    """An attempt to pay an order, as the provider knows it."""

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="payments")
    provider = models.CharField(max_length=20)
    reference = models.CharField(max_length=80, help_text="The provider's name for it.")
    status = models.CharField(
        max_length=16, choices=PaymentStatus.choices, default=PaymentStatus.PENDING
    )
    amount = models.DecimalField(max_digits=MAX_DIGITS, decimal_places=DECIMAL_PLACES)
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        indexes = (
            models.Index(
                fields=["status"],
                condition=models.Q(status=PaymentStatus.REFUND_REQUESTED),
                name="payment_to_be_refunded",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["provider", "reference"], name="payment_reference_is_unique"
            ),
            models.UniqueConstraint(
                fields=["order", "provider"],
                condition=models.Q(status=PaymentStatus.PENDING),
                name="payment_one_open_for_each_order",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=PaymentStatus.values), name="payment_status_is_known"
            ),
        )

    def __str__(self) -> str:
        """Its reference."""
        return self.reference

    @property
    def money(self) -> Money:
        """How much is paid."""
        return Money(self.amount, self.currency)


class Outcome(models.TextChoices):
    """What an event led to."""

    APPLIED = "applied"
    SUPERSEDED = "superseded", "came too late to matter"
    MISMATCH = "mismatch", "names another amount than the order's"


class PaymentEvent(models.Model):
    """Something that a provider reported. It is kept, so that it counts once."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="events")
    event_id = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["payment", "event_id"], name="payment_event_counts_once"
            ),
        )

    def __str__(self) -> str:
        """What was reported."""
        return f"{self.kind}: {self.outcome}"
