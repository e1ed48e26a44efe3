"""Reads of carts: whose a cart is, and what it holds at today's prices."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.models import AnonymousUser

from app.accounts.models import User
from app.carts.models import Cart, CartLine
from app.catalogue.models import Product
from app.core.errors import NotFoundError
from app.money import Money, included_tax, total

UNKNOWN_CART = (
    "There is no cart with this token. Leave the header X-Cart-Token out to begin a new one."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Whose cart is meant: a customer's or, where nobody is signed in, that with the token."""

    customer: User | None
    token: str | None

    @classmethod
    def of(cls, user: User | AnonymousUser, token: str | None) -> "Buyer":
        """Tell from who asks and which token they sent. Whoever is signed in has their own cart."""
        if isinstance(user, AnonymousUser):
            return cls(customer=None, token=token)
        return cls(customer=user, token=None)


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line of a cart, with what it costs now."""

    product: Product
    quantity: int

    @property
    def amount(self) -> Money:
        """What the line costs."""
        return self.product.price * self.quantity

    @property
    def tax(self) -> Money:
        """The tax in that."""
        return included_tax(self.amount, self.product.tax_rate)

    @property
    def is_available(self) -> bool:
        """Whether as many could be bought now."""
        return self.product.is_active and self.product.stock >= self.quantity


@dataclass(frozen=True)
class CartView:
    """What a cart holds, as it is shown."""

    token: str | None
    lines: tuple[PricedLine, ...] = ()

    @cached_property
    def quantity(self) -> int:
        """How many pieces there are."""
        return sum(line.quantity for line in self.lines)

    @cached_property
    def total(self) -> Money | None:
        """What it all costs; nothing for an empty cart, which has no currency."""
        if not self.lines:
            return None
        return total((line.amount for line in self.lines), self.lines[0].product.price_currency)


def cart_find(buyer: Buyer) -> Cart | None:
    """Find a cart; there is none where nobody has put anything into one.

    Raises:
        NotFoundError: A token was given, and there is no cart with it.
    """
    if buyer.customer is not None:
        return Cart.objects.filter(customer=buyer.customer).first()
    if buyer.token is None:
        return None
    cart = Cart.objects.filter(token=buyer.token).first()
    if cart is None:
        raise NotFoundError(UNKNOWN_CART, code="cart_not_found")
    return cart


def cart_view(cart: Cart | None) -> CartView:
    """Read what a cart holds, in one statement."""
    if cart is None:
        return CartView(token=None)
    lines = CartLine.objects.filter(cart=cart).select_related("product").order_by("pk")
    return CartView(cart.token, tuple(PricedLine(line.product, line.quantity) for line in lines))
