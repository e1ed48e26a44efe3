"""Carts in requests and responses."""

from typing import Any

from rest_framework import serializers

from app.carts.models import MAX_QUANTITY
from app.catalogue.serializers import SkuField
from app.core.fields import IntegerField
from app.money_fields import MoneyOutput


class QuantityInput(serializers.Serializer[Any]):
    """How many of a product."""

    quantity = IntegerField(min_value=1, max_value=MAX_QUANTITY)


class LineInput(QuantityInput):
    """How many more of which product."""

    sku = SkuField()


class CartLineOutput(serializers.Serializer[Any]):
    """A line of a cart, at today's price."""

    sku = serializers.CharField(source="product.sku")
    slug = serializers.SlugField(source="product.slug")
    name = serializers.CharField(source="product.name")
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_QUANTITY)
    unit_price = MoneyOutput(source="product.price")
    total = MoneyOutput(source="amount")
    is_available = serializers.BooleanField(help_text="Whether as many could be bought now.")


class CartOutput(serializers.Serializer[Any]):
    """A cart, at today's prices."""

    token = serializers.CharField(
        allow_null=True,
        help_text="Send it in the header X-Cart-Token; whoever is signed in needs none.",
    )
    lines = CartLineOutput(many=True)
    quantity = serializers.IntegerField(min_value=0, help_text="How many pieces there are.")
    total = MoneyOutput(allow_null=True, help_text="Nothing, where the cart is empty.")
