"""Payments in requests and responses."""

from rest_framework import serializers

from app.money_fields import MoneyOutput
from app.payments.models import Outcome, Payment, PaymentEvent, PaymentStatus


class PaymentOutput(serializers.Serializer[Payment]):
    """A payment that has been started."""

    reference = serializers.CharField(help_text="The provider's name for it.")
    status = serializers.ChoiceField(choices=PaymentStatus.choices)
    amount = MoneyOutput(source="money")
    url = serializers.SerializerMethodField(help_text="Where the customer pays.")

    def get_url(self, _payment: Payment) -> str:
        """Take it from the view: the provider's address is not kept."""
        return str(self.context["url"])


class EventOutput(serializers.Serializer[PaymentEvent]):
    """What a report led to."""

    outcome = serializers.ChoiceField(choices=Outcome.choices)
