"""What changes carts. Each locks the cart first, so two requests for one cart take turns."""

from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.timezone import now

from app.accounts.models import User
from app.carts.models import MAX_LINES, MAX_QUANTITY, Cart, CartLine, new_token
from app.carts.selectors import UNKNOWN_CART, Buyer
from app.catalogue.models import Product
from app.core.errors import ConflictError, NotFoundError

PRUNED_AT_ONCE = 500


def line_add(buyer: Buyer, *, sku: str, quantity: int) -> Cart:
    """Put pieces of a product into a cart; those that are in it already stay.

    Args:
        buyer: Whose cart; who has none gets one.
        sku: The product.
        quantity: How many more.

    Raises:
        NotFoundError: There is no such product for sale, or no cart with the token.
        ConflictError: There would be too many, or the cart has another currency.
    """
    return _change(buyer, sku, lambda held: held + quantity)


def line_set(buyer: Buyer, *, sku: str, quantity: int) -> Cart:
    """Say how many of a product are to be in a cart. Doing it twice is like doing it once.

    Raises:
        NotFoundError: There is no such product for sale, or no cart with the token.
        ConflictError: There would be too many, or the cart has another currency.
    """
    return _change(buyer, sku, lambda _held: quantity)


def line_remove(buyer: Buyer, *, sku: str) -> None:
    """Take a product out of a cart.

    Raises:
        NotFoundError: It is not in there, or there is no cart with the token.
    """
    with transaction.atomic():
        cart = _locked(buyer)
        removed, _ = CartLine.objects.filter(cart=cart, product__sku=sku).delete()
        if not removed:
            raise NotFoundError("This product is not in the cart.", code="line_not_found")
        _touch(cart)


def cart_clear(buyer: Buyer) -> None:
    """Take everything out of a cart.

    Raises:
        NotFoundError: There is no cart with the token.
    """
    with transaction.atomic():
        cart = _locked(buyer)
        CartLine.objects.filter(cart=cart).delete()
        _touch(cart)


def cart_merge(*, token: str, customer: User) -> None:
    """Move what an anonymous cart holds to that of a customer who has signed in.

    What fits is moved: quantities are added up to the most of one product, and the customer's own
    lines go first. What does not fit, such as another currency, stays behind and goes with the
    anonymous cart. A token that is known no longer is nothing that should keep anybody from
    signing in.
    """
    with transaction.atomic():
        theirs = _locked_or_new(Buyer(customer=customer, token=None))
        anonymous = Cart.objects.select_for_update(no_key=True).filter(token=token).first()
        if anonymous is None:
            return
        there = {line.product_id: line for line in theirs.lines.select_related("product")}
        currency = next((line.product.price_currency for line in there.values()), None)
        more: list[CartLine] = []
        new: list[CartLine] = []
        for line in anonymous.lines.select_related("product"):
            currency = currency or line.product.price_currency
            if known := there.get(line.product_id):
                known.quantity = min(MAX_QUANTITY, known.quantity + line.quantity)
                more.append(known)
            elif line.product.price_currency == currency and len(there) + len(new) < MAX_LINES:
                new.append(CartLine(cart=theirs, product=line.product, quantity=line.quantity))
        CartLine.objects.bulk_update(more, ["quantity"])
        CartLine.objects.bulk_create(new)
        anonymous.delete()
        _touch(theirs)


def carts_prune(*, untouched_for: timedelta) -> int:
    """Remove anonymous carts that nobody has used for a while; return how many.

    A few at a time, and none that somebody uses at this moment.
    """
    old = Cart.objects.filter(customer=None, touched_at__lt=now() - untouched_for)
    removed = 0
    while True:
        with transaction.atomic():
            free = old.order_by("pk").select_for_update(skip_locked=True)
            pks = list(free.values_list("pk", flat=True)[:PRUNED_AT_ONCE])
            CartLine.objects.filter(cart__in=pks).delete()
            Cart.objects.filter(pk__in=pks).delete()
        removed += len(pks)
        if len(pks) < PRUNED_AT_ONCE:
            return removed


def cart_lock(customer: User) -> Cart | None:
    """Lock the cart of a customer until the transaction ends."""
    return Cart.objects.select_for_update(no_key=True).filter(customer=customer).first()


def _locked(buyer: Buyer) -> Cart:
    carts = Cart.objects.select_for_update(no_key=True)
    if buyer.customer is not None:
        cart = cart_lock(buyer.customer)
    else:
        cart = carts.filter(token=buyer.token).first() if buyer.token else None
    if cart is None:
        raise NotFoundError(
            UNKNOWN_CART if buyer.token else "There is no cart yet; put something into one.",
            code="cart_not_found",
        )
    return cart


def _locked_or_new(buyer: Buyer) -> Cart:
    if buyer.token is not None:
        return _locked(buyer)
    if buyer.customer is None:
        return Cart.objects.create(token=new_token())
    cart = cart_lock(buyer.customer)
    if cart is None:
        try:
            with transaction.atomic():
                return Cart.objects.create(customer=buyer.customer)
        except IntegrityError:
            # Another request of the same customer was first.
            cart = _locked(buyer)
    return cart


def _for_sale(sku: str) -> Product:
    product = Product.objects.filter(sku=sku, is_active=True).first()
    if product is None:
        raise NotFoundError("There is no such product for sale.", code="product_not_found")
    return product


def _change(buyer: Buyer, sku: str, quantity_from: Callable[[int], int]) -> Cart:
    """Make another quantity of the one that a cart holds of a product, which may be none."""
    with transaction.atomic():
        cart = _locked_or_new(buyer)
        product = _for_sale(sku)
        line = CartLine.objects.filter(cart=cart, product=product).first()
        quantity = quantity_from(line.quantity if line else 0)
        if quantity > MAX_QUANTITY:
            raise ConflictError(
                f"A cart holds at most {MAX_QUANTITY} of one product.", code="too_many"
            )
        if line is not None:
            line.quantity = quantity
            line.save(update_fields=["quantity"])
        else:
            _check_room(cart, product)
            CartLine.objects.create(cart=cart, product=product, quantity=quantity)
        _touch(cart)
    return cart


def _check_room(cart: Cart, product: Product) -> None:
    others = CartLine.objects.filter(cart=cart)
    if others.count() >= MAX_LINES:
        raise ConflictError(f"A cart holds at most {MAX_LINES} products.", code="too_many")
    currency = others.values_list("product__price_currency", flat=True).first()
    if currency not in {None, product.price_currency}:
        raise ConflictError(
            f"This product is sold in {product.price_currency}, and what is in the cart in"
            f" {currency}. Order that first.",
            code="currency_mismatch",
        )


def _touch(cart: Cart) -> None:
    cart.touched_at = now()
    cart.save(update_fields=["touched_at"])
