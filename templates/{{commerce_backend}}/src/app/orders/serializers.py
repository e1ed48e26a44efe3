"""Orders in requests and responses."""

from typing import Any

from rest_framework import serializers

from app.core.fields import LineField, PatternField, TextField
from app.money_fields import MoneyInput, MoneyOutput
from app.orders.checkout import Address
from app.orders.lifecycle import Status
from app.orders.models import Order, OrderLine, StatusChange


class AddressInput(serializers.Serializer[Any]):
    """Where an order goes."""

    recipient = LineField(max_length=120)
    street = LineField(max_length=200)
    postal_code = LineField(max_length=20)
    city = LineField(max_length=120)
    country = PatternField(
        r"^[A-Z]{2}$",
        "must be two capital letters, such as DE",
        help_text="A code of ISO 3166.",
    )

    def to_internal_value(self, data: Any) -> Any:
        """Read an address."""
        return Address(**super().to_internal_value(data))


class CheckoutInput(serializers.Serializer[Any]):
    """What a checkout needs beside the cart."""

    address = AddressInput()
    expected_total = MoneyInput(
        required=False,
        help_text="What the customer was shown. It makes no price; if it is not the price any"
        " more, nothing is ordered.",
    )


class ReasonInput(serializers.Serializer[Any]):
    """Why something is done."""

    reason = TextField(max_length=200, allow_blank=True, required=False)


class AddressOutput(serializers.Serializer[Order]):
    """Where an order goes."""

    recipient = serializers.CharField()
    street = serializers.CharField()
    postal_code = serializers.CharField()
    city = serializers.CharField()
    country = serializers.CharField()


class OrderLineOutput(serializers.Serializer[OrderLine]):
    """So many of a product, as it was sold."""

    sku = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.IntegerField(min_value=1)
    unit_price = MoneyOutput()
    tax_rate = serializers.DecimalField(max_digits=4, decimal_places=2)
    total = MoneyOutput()
    tax = MoneyOutput(help_text="The tax in the total.")


class StatusChangeOutput(serializers.Serializer[StatusChange]):
    """A move of an order."""

    status = serializers.ChoiceField(choices=Status.choices, source="after")
    at = serializers.DateTimeField()
    by_customer = serializers.SerializerMethodField()
    reason = serializers.CharField()

    def get_by_customer(self, change: StatusChange) -> bool:
        """Whether the customer did it; which of the staff did is not the customer's business."""
        return change.actor_id == change.order.customer_id


class OrderOutput(serializers.Serializer[Order]):
    """An order."""

    number = serializers.CharField()
    status = serializers.ChoiceField(choices=Status.choices)
    email = serializers.EmailField()
    placed_at = serializers.DateTimeField()
    total = MoneyOutput()
    tax = MoneyOutput(help_text="The tax in the total.")
    address = AddressOutput(source="*")
    lines = OrderLineOutput(many=True)
    history = StatusChangeOutput(source="changes", many=True)
