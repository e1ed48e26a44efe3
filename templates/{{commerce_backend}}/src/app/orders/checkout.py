"""Checkout: a cart becomes an order, whole or not at all, and once for each idempotency key."""

import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import Q

from app.accounts.models import User
from app.carts.models import CartLine
from app.carts.selectors import PricedLine
from app.carts.services import cart_lock
from app.catalogue.models import Product
from app.catalogue.services import stock_move
from app.core.errors import ConflictError, FieldProblem, InvalidError
from app.money import WHOLE_DIGITS, Money, plain, total
from app.orders.lifecycle import Status
from app.orders.models import Order, OrderLine, StatusChange
from app.orders.tasks import send_confirmation

logger = logging.getLogger(__name__)

MOST_UNPAID = 5
"""So many orders of a customer may wait for money: they hold what others would buy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where an order goes."""

    recipient: str
    street: str
    postal_code: str
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class Placed:
    """An order, and whether an earlier request with the same key had placed it already."""

    order: Order
    is_replay: bool


def order_place(
    *, customer: User, key: str, address: Address, expected_total: Money | None = None
) -> Placed:
    """Turn a customer's cart into an order.

    In one transaction: the cart is locked, then its products in the order of their keys; stock is
    checked and taken, names and prices are copied, the cart is emptied, and the confirmation is
    put into the queue. Requests of one customer take turns at the cart; those of many at the
    products that they have in common.

    Args:
        customer: Who buys.
        key: The client's idempotency key. A key that has placed an order gives that order again.
            A checkout that failed has placed none, so its key may be used again.
        address: Where it goes.
        expected_total: What the client showed the customer. It never makes the price; where it is
            not the price, the customer is asked again instead of being surprised.

    Raises:
        ConflictError: The cart is empty, something is not available, the price has changed or is
            beyond all measure, or too many orders have not been paid.
        InvalidError: The key has been used with another request.
    """
    digest = _digest(address, expected_total)
    with transaction.atomic():
        cart = cart_lock(customer)
        # Both questions in one statement: is there an order with this key, and how many are unpaid?
        looked_at = Order.objects.filter(
            Q(idempotency_key=key) | Q(status=Status.PENDING), customer=customer
        )
        orders = {order.idempotency_key: order for order in looked_at}
        if key in orders:
            return _replay(orders[key], digest)
        _check_unpaid(len(orders))
        lines = list(CartLine.objects.filter(cart=cart).order_by("pk")) if cart else []
        if not lines:
            raise ConflictError("The cart is empty. Put something into it.", code="cart_empty")
        products = Product.objects.locked([line.product_id for line in lines])
        items = [PricedLine(products[line.product_id], line.quantity) for line in lines]
        _check_available(items)
        order = _order_of(customer, items, address)
        _check_total(order.total, expected_total)
        order.idempotency_key, order.request_digest = key, digest
        order.save(force_insert=True)
        _write_lines(order, items)
        stock_move({item.product.pk: -item.quantity for item in items})
        CartLine.objects.filter(cart=cart).delete()
        send_confirmation.enqueue(order.pk)
    logger.info("order placed", extra={"order": order.number, "lines": len(items)})
    return Placed(order, is_replay=False)


def _digest(address: Address, expected_total: Money | None) -> str:
    total = [plain(expected_total), expected_total.currency.code] if expected_total else None
    request = json.dumps([asdict(address), total], sort_keys=True)
    return hashlib.sha256(request.encode()).hexdigest()


def _replay(earlier: Order, digest: str) -> Placed:
    if earlier.request_digest != digest:
        raise InvalidError(
            "This Idempotency-Key has placed an order with another request. Use a new key for"
            " each checkout.",
            code="idempotency_key_reused",
        )
    return Placed(earlier, is_replay=True)


def _check_unpaid(count: int) -> None:
    if count >= MOST_UNPAID:
        raise ConflictError(
            f"There are {count} orders that you have not paid. Pay or cancel one first.",
            code="too_many_unpaid",
        )


def _check_available(items: Sequence[PricedLine]) -> None:
    problems = [
        FieldProblem(item.product.sku, _shortage(item.product))
        for item in items
        if not item.is_available
    ]
    if problems:
        raise ConflictError(
            "Not everything in the cart is available. Change the lines named here, and try again.",
            code="not_available",
            errors=problems,
        )
    currencies = {item.product.price_currency for item in items}
    if len(currencies) > 1:
        raise ConflictError(
            f"The cart has prices in {' and '.join(sorted(currencies))}. Order these one by one.",
            code="currency_mismatch",
        )


def _shortage(product: Product) -> str:
    if not product.is_active:
        return "This product is not for sale any more."
    if product.stock == 0:
        return "This product is sold out."
    return f"There are only {product.stock} left."


def _order_of(customer: User, items: Sequence[PricedLine], address: Address) -> Order:
    currency = items[0].product.price_currency
    return Order(
        customer=customer,
        email=customer.email,
        total_amount=total((item.amount for item in items), currency).amount,
        tax_amount=total((item.tax for item in items), currency).amount,
        currency=currency,
        **asdict(address),
    )


def _check_total(actual: Money, expected: Money | None) -> None:
    if actual.amount >= 10**WHOLE_DIGITS:
        raise ConflictError(
            "The total has more digits than an order has room for. Order these one by one.",
            code="total_too_large",
        )
    if expected is not None and expected != actual:
        raise ConflictError(
            f"The total is {plain(actual)} {actual.currency} now. Show it to the customer, and"
            " check out with it.",
            code="total_changed",
        )


def _write_lines(order: Order, items: Sequence[PricedLine]) -> None:
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            product=item.product,
            sku=item.product.sku,
            name=item.product.name,
            quantity=item.quantity,
            unit_amount=item.product.price_amount,
            tax_rate=item.product.tax_rate,
            amount=item.amount.amount,
            tax_amount=item.tax.amount,
            currency=order.currency,
        )
        for item in items
    )
    StatusChange.objects.create(order=order, after=Status.PENDING, actor=order.customer)
