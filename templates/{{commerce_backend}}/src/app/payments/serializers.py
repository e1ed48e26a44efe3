"""Payments in requests and responses."""

from rest_framework import serializers

from app.money_fields import MoneySerializer
from app.payments.models import Payment, PaymentEvent


class PaymentOutput(serializers.ModelSerializer[Payment]):
    """A payment that has been started."""

    amount = MoneySerializer(source="money")
    url = serializers.SerializerMethodField(help_text="Where the customer pays.")

    class Meta:
        model = Payment
        fields = ("reference", "status", "amount", "url")

    def get_url(self, _payment: Payment) -> str:
        """Take it from the view: the provider's address is not kept."""
        return str(self.context["url"])


class EventOutput(serializers.ModelSerializer[PaymentEvent]):
    """What a report led to."""

    class Meta:
        model = PaymentEvent
        fields = ("outcome",)
