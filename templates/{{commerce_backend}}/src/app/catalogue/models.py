"""Tables of the catalogue."""

from collections.abc import Collection
from decimal import Decimal, InvalidOperation
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from app.accounts.models import User
from app.accounts.rights import may
from app.money import DECIMAL_PLACES, MAX_DIGITS, Money, check_amount, check_currency

GREATEST_STOCK = 1_000_000

# The same in Python, in JavaScript, and so in the OpenAPI document.
SKU = r"^[A-Z0-9](?:[A-Z0-9-]{0,38}[A-Z0-9])?$"
SKU_LENGTH = 40
_is_sku = RegexValidator(
    SKU.replace("$", r"\Z"),
    "Give a SKU of at most 40 capital letters, digits and hyphens, such as MUG-01.",
)

CATEGORY_NAME = "category_name_is_unique"
CATEGORY_SLUG = "category_slug_is_unique"
PRODUCT_SKU = "product_sku_is_unique"
PRODUCT_SLUG = "product_slug_is_unique"
TAKEN = {
    CATEGORY_NAME: "There is a category with this name already.",
    CATEGORY_SLUG: "There is a category with this slug already.",
    PRODUCT_SKU: "There is a product with this SKU already.",
    PRODUCT_SLUG: "There is a product with this slug already.",
}
"""What is said where something must be there once, by the constraint that holds it."""


class Category(models.Model):
    """A shelf of the shop."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80)

    class Meta:
        verbose_name_plural = "categories"
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["name"], name=CATEGORY_NAME, violation_error_message=TAKEN[CATEGORY_NAME]
            ),
            models.UniqueConstraint(
                fields=["slug"], name=CATEGORY_SLUG, violation_error_message=TAKEN[CATEGORY_SLUG]
            ),
        )

    def __str__(self) -> str:
        """Its name."""
        return self.name


class ProductQuerySet(models.QuerySet["Product"]):
    """Reads of products."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those that somebody may know of: active ones, and all for who edits the catalogue."""
        if may(user, "catalogue.change_product"):
            return self
        return self.filter(is_active=True)

    def listed(self) -> Self:
        """With their category, in the statement that reads them."""
        return self.select_related("category")

    def locked(self, pks: Collection[int]) -> dict[int, "Product"]:
        """Lock products until the transaction ends, and return them by primary key.

        All lock in the order of the key, so that no two wait for each other. The lock lets others
        refer to the row meanwhile (`FOR NO KEY UPDATE`), as a cart's line does. SQLite has no such
        locks and needs none: its transactions that write come one after the other.
        """
        rows = self.filter(pk__in=pks).order_by("pk").select_for_update(no_key=True)
        return {product.pk: product for product in rows}


class Product(models.Model):
    """Something for sale.

    Products are never deleted, for orders refer to them; one that is sold no longer is not active.
    """

    sku = models.CharField("SKU", max_length=SKU_LENGTH, validators=[_is_sku])
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=120)
    description = models.TextField(max_length=5000, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, related_name="products")
    price_amount = models.DecimalField(
        "price",
        max_digits=MAX_DIGITS,
        decimal_places=DECIMAL_PLACES,
        help_text="What a customer pays for one, tax included.",
    )
    price_currency = models.CharField(
        "currency",
        max_length=3,
        validators=[check_currency],
        help_text="ISO 4217, such as EUR. It stays; other money needs another product.",
    )
    tax_rate = models.DecimalField(
        max_digits=4,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal("99.99"))],
        help_text="In percent. The price includes it.",
    )
    stock = models.IntegerField(
        default=0, validators=[MinValueValidator(0), MaxValueValidator(GREATEST_STOCK)]
    )
    is_active = models.BooleanField("active", default=True, help_text="Whether it is for sale.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["sku"], name=PRODUCT_SKU, violation_error_message=TAKEN[PRODUCT_SKU]
            ),
            models.UniqueConstraint(
                fields=["slug"], name=PRODUCT_SLUG, violation_error_message=TAKEN[PRODUCT_SLUG]
            ),
            # What services check first, and what holds if one of them should not.
            models.CheckConstraint(
                condition=models.Q(stock__gte=0), name="product_stock_is_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(price_amount__gt=0), name="product_price_is_above_zero"
            ),
            models.CheckConstraint(
                condition=models.Q(tax_rate__gte=0) & models.Q(tax_rate__lt=100),
                name="product_tax_rate_is_a_percentage",
            ),
        )
        indexes = (
            models.Index(fields=["is_active", "name", "id"], name="product_by_name"),
            models.Index(fields=["is_active", "price_amount", "id"], name="product_by_price"),
            models.Index(fields=["is_active", "created_at", "id"], name="product_by_age"),
        )

    def __str__(self) -> str:
        """Its name and SKU."""
        return f"{self.name} ({self.sku})"

    def clean(self) -> None:
        """Check what concerns several fields.

        Raises:
            ValidationError: The price is none in its currency.
        """
        try:
            check_currency(self.price_currency)
            check_amount(self.price)
        except (TypeError, InvalidOperation):
            return  # the field itself has been found wrong
        except ValidationError as error:
            raise ValidationError({"price_amount": error.messages}) from None

    @property
    def price(self) -> Money:
        """What a customer pays for one."""
        return Money(self.price_amount, self.price_currency)
