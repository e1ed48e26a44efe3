"""Tables of carts."""

import secrets

from django.db import models

from app.accounts.models import User
from app.catalogue.models import Product

MAX_QUANTITY = 99
"""The most of one product in a cart."""

MAX_LINES = 100
"""The most products in a cart."""


def new_token() -> str:
    """Make what an anonymous cart is known by: 256 random bits, so nobody guesses one."""
    return secrets.token_urlsafe(32)


class Cart(models.Model):
    """A cart: of a customer, or of somebody who has its token."""

    customer = models.OneToOneField(User, models.CASCADE, null=True, blank=True)
    token = models.CharField(max_length=43, unique=True, null=True, blank=True, editable=False)
    # When it was last used; carts of nobody are removed in time.
    touched_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(customer__isnull=True, token__isnull=False)
                | models.Q(customer__isnull=False, token__isnull=True),
                name="cart_has_a_customer_or_a_token",
            ),
        )

    def __str__(self) -> str:
        """Whose it is. Not the token, which would let who reads a log use the cart."""
        return f"cart of {self.customer_id or 'nobody'}"


class CartLine(models.Model):
    """How many of a product."""

    cart = models.ForeignKey(Cart, models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, models.CASCADE, related_name="+")
    quantity = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["cart", "product"], name="cart_line_once_for_each_product"
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=1) & models.Q(quantity__lte=MAX_QUANTITY),
                name="cart_line_quantity_within_limits",
            ),
        )

    def __str__(self) -> str:
        """How many of what."""
        return f"{self.quantity} of {self.product_id}"
