"""What services refuse that no request gets as far as, and what rows are called in logs."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from moneyed import Money as PyMoney
from shop import category, join, money, order_of, payment_of, product, snapshot

from app.carts.models import Cart, CartLine
from app.catalogue.services import product_create, product_update
from app.core.errors import InvalidError
from app.money import Money
from app.orders.models import Order, StatusChange

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("price", "message"),
    [
        (money("0.00 EUR"), "A price must be above zero."),
        (money("-1.00 EUR"), "A price must be above zero."),
        (money("1.005 EUR"), "The smallest amount of EUR is 0.01."),
        (
            Money(Decimal(1), "SEK"),
            "Give the code of a currency that we sell in: CHF, EUR, GBP, JPY, KWD, USD.",
        ),
    ],
)
def test_a_price_that_is_none_is_refused_whoever_asks(price: Money, message: str) -> None:
    mug = product("MUG-01")
    before = snapshot()
    with pytest.raises(InvalidError) as made:
        product_create(sku="X", name="X", slug="x", category=category(), price=price)
    with pytest.raises(InvalidError) as changed:
        product_update(mug, price=price)
    for refused in (made.value, changed.value):
        assert (refused.message, refused.code) == (message, "price")
    assert snapshot() == before


def test_nobody_in_particular_may_see_no_orders() -> None:
    product("MUG-01")
    join("ada").buy("MUG-01")
    assert not Order.objects.visible_to(AnonymousUser()).exists()


def test_rows_have_names_that_tell_which_they_are_and_no_secret() -> None:
    mug = product("MUG-01", name="Blue mug")
    ada = join("ada")
    ada.add("MUG-01", 3)
    line = str(CartLine.objects.get())
    number = ada.check_out()["number"]
    reference = ada.pay(number)
    order, payment = order_of(number), payment_of(reference)
    assert ada.user
    assert [
        *map(str, (mug, mug.category, order, order.lines.get(), payment)),
        *map(str, StatusChange.objects.all()),
        *map(str, payment.events.all()),
        *(line, str(Cart.objects.get())),
    ] == [
        *("Blue mug (MUG-01)", "Kitchen", number, "3 × MUG-01", reference),  # noqa: RUF001
        *("new to pending", "pending to paid"),
        "payment.succeeded: applied",
        *(f"3 of {mug.pk}", f"cart of {ada.user.pk}"),
    ]


def test_an_amount_of_this_shop_is_one_of_the_library() -> None:
    assert money("1.00 EUR") == PyMoney(1, "EUR")
    assert type(money("1.00 EUR") + money("1.00 EUR")) is Money
