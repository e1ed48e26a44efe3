"""Orders in requests and responses."""

from typing import Any

from rest_framework import serializers

from app.core.fields import PatternField, TextField
from app.money_fields import MoneySerializer
from app.orders.checkout import Address
from app.orders.lifecycle import Status
from app.orders.models import Order, OrderLine, StatusChange


class AddressInput(serializers.Serializer[Any]):
    """Where an order goes."""

    recipient = TextField(max_length=120)
    street = TextField(max_length=200)
    postal_code = TextField(max_length=20)
    city = TextField(max_length=120)
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
    expected_total = MoneySerializer(
        required=False,
        help_text="What the customer was shown. It makes no price; if it is not the price any"
        " more, nothing is ordered.",
    )


class ReasonInput(serializers.Serializer[Any]):
    """Why something is done."""

    reason = TextField(max_length=200, allow_blank=True, required=False)


class AddressOutput(serializers.ModelSerializer[Order]):
    """Where an order goes."""

    class Meta:
        model = Order
        fields = ("recipient", "street", "postal_code", "city", "country")


class OrderLineOutput(serializers.ModelSerializer[OrderLine]):
    """So many of a product, as it was sold."""

    unit_price = MoneySerializer()
    total = MoneySerializer()
    tax = MoneySerializer(help_text="The tax in the total.")

    class Meta:
        model = OrderLine
        fields = ("sku", "name", "quantity", "unit_price", "tax_rate", "total", "tax")


class StatusChangeOutput(serializers.ModelSerializer[StatusChange]):
    """A move of an order."""

    status = serializers.ChoiceField(choices=Status.choices, source="after")
    by_customer = serializers.SerializerMethodField()

    class Meta:
        model = StatusChange
        fields = ("status", "at", "by_customer", "reason")

    def get_by_customer(self, change: StatusChange) -> bool:
        """Whether the customer did it; which of the staff did is not the customer's business."""
        return change.actor_id == change.order.customer_id


class OrderOutput(serializers.ModelSerializer[Order]):
    """An order."""

    total = MoneySerializer()
    tax = MoneySerializer(help_text="The tax in the total.")
    address = AddressOutput(source="*")
    lines = OrderLineOutput(many=True)
    history = StatusChangeOutput(source="changes", many=True)

    class Meta:
        model = Order
        fields = (
            *("number", "status", "email", "placed_at", "total", "tax", "address", "lines"),
            "history",
        )
