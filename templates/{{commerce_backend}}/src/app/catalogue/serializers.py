"""The catalogue in requests and responses.

What goes out is named field by field. REST framework's `ModelSerializer` finds fields by looking at
the model, with each response anew, which takes longer than to fill them; and its OpenAPI document
calls those optional that have a default.
"""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from app.catalogue.models import GREATEST_STOCK, SKU, SKU_LENGTH, Category, Product
from app.core.fields import (
    BooleanField,
    IntegerField,
    PatternField,
    SlugField,
    TextField,
)
from app.money_fields import MoneyOutput, PriceInput


class SkuField(PatternField):
    """A product's number in the warehouse."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            SKU,
            "must be capital letters, digits and hyphens, such as MUG-01",
            max_length=SKU_LENGTH,
            **options,
        )


class PercentField(PatternField):
    """A percentage, as text, since numbers in JSON are not exact."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            r"^[0-9]{1,2}(?:\.[0-9]{1,2})?$", "must be a percentage as text, such as 7.5", **options
        )

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Make a number of it, once it is known to be one."""
        return Decimal(super().run_validation(data))


class CategoryOutput(serializers.Serializer[Category]):
    """A category."""

    slug = serializers.SlugField()
    name = serializers.CharField()


class CategoryInput(serializers.Serializer[Any]):
    """What makes a category."""

    name = TextField(max_length=80)
    slug = SlugField(max_length=80)


class ProductOutput(serializers.Serializer[Product]):
    """A product."""

    sku = serializers.CharField()
    slug = serializers.SlugField()
    name = serializers.CharField()
    description = serializers.CharField()
    category = CategoryOutput()
    price = MoneyOutput()
    tax_rate = serializers.DecimalField(
        max_digits=4, decimal_places=2, help_text="In percent; the price includes it."
    )
    stock = serializers.IntegerField(min_value=0)
    is_active = serializers.BooleanField(help_text="Whether it is for sale.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ProductChange(serializers.Serializer[Any]):
    """What can be changed of a product."""

    name = TextField(max_length=120)
    slug = SlugField(max_length=120)
    category = SlugField(max_length=80, help_text="The slug of a category.")
    price = PriceInput(help_text="Tax included; the currency stays what it was.")
    description = TextField(max_length=5000, allow_blank=True, required=False)
    tax_rate = PercentField(required=False, help_text="In percent; the price includes it.")
    is_active = BooleanField(required=False, help_text="Whether it is for sale.")


class ProductInput(ProductChange):
    """What makes a product."""

    sku = SkuField(help_text="Its number in the warehouse, which never changes.")
    stock = IntegerField(min_value=0, max_value=GREATEST_STOCK, required=False)


class StockChangeInput(serializers.Serializer[Any]):
    """How many pieces came or went."""

    change = IntegerField(
        min_value=-GREATEST_STOCK,
        max_value=GREATEST_STOCK,
        help_text="How many came; below zero, how many went.",
    )
