"""Money in requests and responses: `{"amount": "12.50", "currency": "EUR"}`."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema_serializer
from moneyed import CURRENCIES
from rest_framework import serializers

from app.core.fields import PatternField
from app.money import AMOUNT, Money, check_amount, check_currency, plain


@extend_schema_serializer(component_name="Money")
class MoneyOutput(serializers.Serializer[Money]):
    """An amount, exact to the last digit, and its currency."""

    amount = serializers.CharField(help_text="As text, since numbers in JSON are not exact.")
    currency = serializers.CharField(help_text="A code of ISO 4217.")

    def to_representation(self, instance: Money) -> dict[str, str]:
        """Write an amount with the digits of its currency."""
        return {"amount": plain(instance), "currency": instance.currency.code}


class MoneyInput(serializers.Serializer[Any]):
    """An amount, exact to the last digit, and its currency."""

    amount = PatternField(
        AMOUNT,
        "must be an amount as text, such as 12.50",
        help_text="As text, since numbers in JSON are not exact.",
    )
    currency = PatternField(
        r"^[A-Z]{3}$",
        "must be the code of a currency, such as EUR",
        help_text="A code of ISO 4217.",
    )

    def to_internal_value(self, data: Any) -> Any:
        """Read money.

        Raises:
            serializers.ValidationError: Half of it is missing, or the currency is none.
        """
        given: Mapping[str, str] = super().to_internal_value(data)
        # A PATCH may leave out what it does not change, and REST framework passes that on to what
        # is within; an amount without its currency is still none.
        missing = {
            name: field.error_messages["required"]
            for name, field in self.fields.items()
            if name not in given
        }
        if missing:
            raise serializers.ValidationError(missing)
        try:
            check_currency(given["currency"])
        except ValidationError as error:
            raise serializers.ValidationError({"currency": error.messages}) from None
        return Money(Decimal(given["amount"]), CURRENCIES[given["currency"]])


class PriceInput(MoneyInput):
    """Money that can be a price."""

    def to_internal_value(self, data: Any) -> Any:
        """Read a price.

        Raises:
            serializers.ValidationError: It is not above zero, or too fine for its currency.
        """
        money = super().to_internal_value(data)
        try:
            check_amount(money)
        except ValidationError as error:
            raise serializers.ValidationError({"amount": error.messages}) from None
        return money
