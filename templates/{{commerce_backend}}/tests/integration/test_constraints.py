"""What the database itself refuses, should a service ever forget to."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F, ProtectedError
from django.utils.timezone import now
from shop import Person, category, join, payment_of, product, snapshot, undone

from app.carts.models import Cart, CartLine, new_token
from app.catalogue.models import Category, Product
from app.orders.models import Order, OrderLine
from app.payments.models import Payment, PaymentEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Person:
    """A customer with a cart, and with an order that is paid."""
    product("MUG-01", stock=5)
    product("POT-01", stock=5)
    person = join("ada")
    number = person.buy("MUG-01")["number"]
    person.pay(number)
    person.start_payment(person.buy("POT-01")["number"])
    person.add("MUG-01")
    return person


def again(row: Any, **changed: Any) -> None:
    """Insert a row once more, with some columns changed."""
    row.pk = None
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(force_insert=True)


# What would be written, and what it would break.
REFUSED: dict[str, Callable[[], object]] = {
    "a stock below zero": lambda: Product.objects.update(stock=F("stock") - 6),
    "a price of nothing": lambda: Product.objects.update(price_amount=0),
    "a price below zero": lambda: Product.objects.update(price_amount=Decimal("-0.01")),
    "a tax below zero": lambda: Product.objects.update(tax_rate=Decimal("-0.01")),
    "two products with one SKU": lambda: Product.objects.update(sku="X"),
    "two products with one slug": lambda: Product.objects.update(slug="x"),
    "two categories with one name": lambda: Category.objects.create(name="Kitchen", slug="x"),
    "two categories with one slug": lambda: Category.objects.create(name="X", slug="kitchen"),
    "a cart of nobody": lambda: Cart.objects.update(customer=None),
    "a cart of somebody, with a token": lambda: Cart.objects.update(token=new_token()),
    "two carts of a customer": lambda: again(Cart.objects.get()),
    "a line without pieces": lambda: CartLine.objects.update(quantity=0),
    "a line with too many pieces": lambda: CartLine.objects.update(quantity=100),
    "two lines of one product": lambda: again(CartLine.objects.get()),
    "a line of no product": lambda: CartLine.objects.update(product=10**9),
    "an order in no state": lambda: Order.objects.update(status="lost"),
    "more tax than total": lambda: Order.objects.update(tax_amount=F("total_amount") + 1),
    "tax below zero": lambda: Order.objects.update(tax_amount=-1),
    "two orders with one key": lambda: Order.objects.update(idempotency_key="x"),
    "two orders with one number": lambda: Order.objects.update(number="x"),
    "an order of nobody": lambda: Order.objects.update(customer=None),
    "an order's line without pieces": lambda: OrderLine.objects.update(quantity=0),
    "two lines of an order with one product": lambda: again(OrderLine.objects.all()[0]),
    "a payment in no state": lambda: Payment.objects.update(status="lost"),
    "two payments with one reference": lambda: Payment.objects.update(reference="x"),
    "two open payments for an order": lambda: again(
        Payment.objects.get(status="pending"), reference="x"
    ),
    "a report that counts twice": lambda: again(PaymentEvent.objects.get()),
}


@pytest.mark.usefixtures("ada")
def test_the_database_refuses_it_and_keeps_what_it_had() -> None:
    before = snapshot()
    written = {}
    for what, write in REFUSED.items():
        with undone():
            written[what] = is_written(write)
    assert {what for what, is_there in written.items() if is_there} == set()
    assert snapshot() == before


def is_written(write: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            write()
            # What a row refers to is looked at when the transaction ends.
            connection.check_constraints()
    except IntegrityError:
        return False
    return True


def test_what_an_order_refers_to_cannot_be_deleted(ada: Person) -> None:
    assert ada.user
    before = snapshot()
    things: list[Any] = [ada.user, Product.objects.all()[0], category("Kitchen")]
    things += [order for order in Order.objects.all() if order.payments.exists()]
    things += list(Payment.objects.filter(events__isnull=False))
    for thing in things:
        with pytest.raises(ProtectedError):
            thing.delete()
    assert snapshot() == before


def test_several_payments_of_an_order_are_kept_as_long_as_one_is_open(ada: Person) -> None:
    open_one = Payment.objects.get(status="pending")
    Payment.objects.filter(pk=open_one.pk).update(status="failed")
    reference = ada.start_payment(open_one.order.number)["reference"]
    assert payment_of(reference).order_id == open_one.order_id
    assert open_one.order.payments.count() == 2


def test_a_cart_goes_with_its_customer_and_its_lines_with_the_cart() -> None:
    product("MUG-01")
    ada = join("ada")
    ada.add("MUG-01")
    Cart.objects.update(touched_at=now())
    assert ada.user
    ada.user.delete()
    assert (Cart.objects.count(), CartLine.objects.count()) == (0, 0)
