"""Checkout: a cart becomes an order, whole or not at all, and once for each key."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils.timezone import now
from shop import (
    ADDRESS,
    CHECKOUT,
    Person,
    changed,
    fill,
    join,
    money,
    order_of,
    product,
    products,
    queued,
    snapshot,
    stock_of,
    took,
    wire,
)
from support import Response, assert_invalid, assert_problem

from app.carts.models import Cart
from app.catalogue.models import Product
from app.catalogue.services import product_update, stock_change
from app.orders.models import Order
from app.orders.numbers import is_number
from app.roles.services import Role

pytestmark = pytest.mark.django_db

ORDERED = {
    "catalogue_product",
    "carts_cartline",
    "orders_order",
    "orders_orderline",
    "orders_statuschange",
    "django_tasks_database_dbtaskresult",
}
EMPTY = (409, "cart_empty", "The cart is empty. Put something into it.")
REUSED = (
    422,
    "idempotency_key_reused",
    (
        "This Idempotency-Key has placed an order with another request. Use a new key for each"
        " checkout."
    ),
)
NO_KEY = (
    "Idempotency-Key",
    "must be a header of 1 to 128 letters, digits or -_.: such as a UUID",
)


@pytest.fixture
def ada() -> Person:
    return join("ada")


def checks_out(person: Person, key: str = "k1", **fields: Any) -> Response:
    return person.post("/orders", {**CHECKOUT, **fields}, idempotency_key=key)


def not_available(response: Response, **problems: str) -> None:
    assert_problem(
        response,
        409,
        "not_available",
        "Not everything in the cart is available. Change the lines named here, and try again.",
        [(sku.replace("_", "-"), message) for sku, message in problems.items()],
    )


def test_an_order_is_what_was_in_the_cart_and_who_gets_it(ada: Person) -> None:
    mug = product("MUG-01", "12.50 EUR", name="Blue mug", tax_rate=19)
    product("TEA-01", "3.99 EUR", name="Tea", tax_rate=7)
    ada.add("MUG-01", 2)
    ada.add("TEA-01", 3)
    order = took(checks_out(ada), 201)
    assert is_number(order["number"])
    for moment in (order["placed_at"], order["history"][0]["at"]):
        assert now() - datetime.fromisoformat(moment) < timedelta(minutes=5)
    assert order == {
        "number": order["number"],
        "status": "pending",
        "email": "ada@example.com",
        "placed_at": order["placed_at"],
        "total": wire("36.97 EUR"),
        # 3.9915... and 0.7830..., each rounded for its line.
        "tax": wire("4.77 EUR"),
        "address": ADDRESS,
        "lines": [
            {
                "sku": "MUG-01",
                "name": "Blue mug",
                "quantity": 2,
                "unit_price": wire("12.50 EUR"),
                "tax_rate": "19.00",
                "total": wire("25.00 EUR"),
                "tax": wire("3.99 EUR"),
            },
            {
                "sku": "TEA-01",
                "name": "Tea",
                "quantity": 3,
                "unit_price": wire("3.99 EUR"),
                "tax_rate": "7.00",
                "total": wire("11.97 EUR"),
                "tax": wire("0.78 EUR"),
            },
        ],
        "history": [
            {
                "status": "pending",
                "at": order["history"][0]["at"],
                "by_customer": True,
                "reason": "",
            }
        ],
    }
    assert took(ada.get(f"/orders/{order['number']}"), 200) == order
    assert (stock_of("MUG-01"), stock_of("TEA-01")) == (8, 7)
    assert mug.pk in [line.product_id for line in order_of(order["number"]).lines.all()]


def test_a_checkout_changes_these_tables_and_no_others(ada: Person) -> None:
    product("MUG-01")
    product("POT-01")
    bob = join("bob")
    bob.add("MUG-01")
    ada.add("MUG-01")
    before = snapshot()
    ada.check_out()
    assert changed(before, snapshot()) == ORDERED
    assert ada.cart() == {"token": None, "lines": [], "quantity": 0, "total": None}
    assert bob.in_cart() == {"MUG-01": 1}
    assert (stock_of("MUG-01"), stock_of("POT-01")) == (9, 10)
    assert queued() == ["send_confirmation"]


def test_what_was_agreed_on_stays_whatever_becomes_of_the_products(ada: Person) -> None:
    mug = product("MUG-01", "12.50 EUR", tax_rate=19)
    number = ada.buy("MUG-01")["number"]
    before = took(ada.get(f"/orders/{number}"), 200)
    product_update(
        mug,
        name="Another",
        slug="another",
        price=money("99.00 EUR"),
        tax_rate=mug.tax_rate - 12,
        is_active=False,
    )
    assert took(ada.get(f"/orders/{number}"), 200) == before


def test_a_price_that_the_client_sends_makes_no_difference(ada: Person) -> None:
    product("MUG-01", "12.50 EUR")
    ada.add("MUG-01")
    cheap = wire("0.01 EUR")
    response = checks_out(ada, total=cheap, price=cheap, lines=[{"sku": "MUG-01", "total": cheap}])
    assert took(response, 201)["total"] == wire("12.50 EUR")


def test_the_last_one_can_be_bought(ada: Person) -> None:
    product("MUG-01", stock=1)
    ada.buy("MUG-01")
    assert stock_of("MUG-01") == 0


def test_without_anything_in_the_cart_there_is_nothing_to_order(ada: Person) -> None:
    product("MUG-01")
    before = snapshot()
    assert_problem(checks_out(ada), *EMPTY)
    assert snapshot() == before
    ada.add("MUG-01")
    ada.delete("/cart")
    assert_problem(checks_out(ada), *EMPTY)


def test_what_is_not_there_is_named_line_by_line_and_nothing_is_ordered(ada: Person) -> None:
    for sku in products(5, stock=5):
        ada.add(sku, 3)
    Product.objects.filter(sku="P-001").update(stock=2)
    Product.objects.filter(sku="P-002").update(stock=0)
    Product.objects.filter(sku="P-003").update(is_active=False)
    before = snapshot()
    not_available(
        checks_out(ada),
        P_001="There are only 2 left.",
        P_002="This product is sold out.",
        P_003="This product is not for sale any more.",
    )
    assert snapshot() == before


@pytest.mark.parametrize("stock", [0, 1, 2])
def test_one_too_many_is_too_many(ada: Person, stock: int) -> None:
    product("MUG-01", stock=stock)
    ada.add("MUG-01", stock + 1)
    words = {0: "This product is sold out."}
    not_available(checks_out(ada), MUG_01=words.get(stock, f"There are only {stock} left."))
    assert (stock_of("MUG-01"), ada.in_cart()) == (stock, {"MUG-01": stock + 1})


def test_what_was_missing_can_be_put_right_and_ordered_with_the_same_key(ada: Person) -> None:
    mug = product("MUG-01", stock=1)
    ada.add("MUG-01", 2)
    not_available(checks_out(ada, "k1"), MUG_01="There are only 1 left.")
    stock_change(mug, change=1)
    response = checks_out(ada, "k1")
    assert took(response, 201)["total"] == wire("25.00 EUR")
    assert "Idempotent-Replayed" not in response.headers


def test_a_cart_with_two_currencies_is_not_ordered(ada: Person) -> None:
    """Nothing in the API leads to it, and an order could not say what it costs."""
    product("MUG-01", "12.50 EUR")
    product("POT-01", "34.00 EUR")
    ada.add("MUG-01")
    ada.add("POT-01")
    Product.objects.filter(sku="POT-01").update(price_currency="USD")
    before = snapshot()
    assert_problem(
        checks_out(ada),
        409,
        "currency_mismatch",
        "The cart has prices in EUR and USD. Order these one by one.",
    )
    assert snapshot() == before


@pytest.mark.parametrize("expected", ["25.00 EUR", "25 EUR", "25.000 EUR", "025.0 EUR"])
def test_the_total_that_was_shown_is_the_total(ada: Person, expected: str) -> None:
    product("MUG-01", "12.50 EUR")
    ada.add("MUG-01", 2)
    order = took(checks_out(ada, expected_total=wire(expected)), 201)
    assert order["total"] == wire("25.00 EUR")


@pytest.mark.parametrize(
    "expected", ["24.99 EUR", "25.01 EUR", "25.001 EUR", "25.00 USD", "0.00 EUR"]
)
def test_where_the_price_has_changed_nothing_is_ordered_and_the_new_one_is_said(
    ada: Person, expected: str
) -> None:
    product("MUG-01", "12.50 EUR")
    ada.add("MUG-01", 2)
    before = snapshot()
    assert_problem(
        checks_out(ada, expected_total=wire(expected)),
        409,
        "total_changed",
        "The total is 25.00 EUR now. Show it to the customer, and check out with it.",
    )
    assert snapshot() == before
    assert took(checks_out(ada, expected_total=wire("25.00 EUR")), 201)["status"] == "pending"


def test_the_same_key_gives_the_same_order_however_often(ada: Person) -> None:
    product("MUG-01", stock=10)
    ada.add("MUG-01")
    first = checks_out(ada, "k1")
    assert "Idempotent-Replayed" not in first.headers
    ada.add("MUG-01", 3)
    before = snapshot()
    for _ in range(3):
        again = checks_out(ada, "k1")
        assert (again.status_code, again.json()) == (201, first.json())
        assert again.headers["Idempotent-Replayed"] == "true"
    assert snapshot() == before
    assert ada.in_cart() == {"MUG-01": 3}


def test_the_same_key_gives_the_order_as_it_is_by_then(ada: Person) -> None:
    product("MUG-01")
    ada.add("MUG-01")
    number = took(checks_out(ada, "k1"), 201)["number"]
    cancelled = ada.move(number, "cancel")
    assert took(checks_out(ada, "k1"), 201) == cancelled


@pytest.mark.parametrize(
    "other",
    [
        {"address": {**ADDRESS, "city": "Paris"}},
        {"address": {**ADDRESS, "recipient": "Ada Lovelace "}},
        {"expected_total": wire("12.50 EUR")},
    ],
)
def test_a_key_that_comes_again_with_another_request_is_a_mistake(
    ada: Person, other: dict[str, Any]
) -> None:
    product("MUG-01")
    ada.buy("MUG-01")
    ada.add("MUG-01")
    took(checks_out(ada, "k1"), 201)
    ada.add("MUG-01")
    before = snapshot()
    assert_problem(checks_out(ada, "k1", **other), *REUSED)
    assert snapshot() == before


def test_the_same_request_may_be_written_in_another_way(ada: Person) -> None:
    product("MUG-01")
    ada.add("MUG-01")
    order = took(checks_out(ada, "k1", expected_total=wire("12.5 EUR")), 201)
    other_way = {
        "expected_total": {"currency": "EUR", "amount": "12.50"},
        "address": dict(reversed(ADDRESS.items())),
        "unknown": 1,
    }
    again = ada.post("/orders", other_way, idempotency_key="k1")
    assert took(again, 201) == order
    assert again.headers["Idempotent-Replayed"] == "true"


def test_a_key_belongs_to_a_customer(ada: Person) -> None:
    product("MUG-01")
    bob = join("bob")
    numbers = set()
    for person in (ada, bob):
        person.add("MUG-01")
        response = checks_out(person, "k1")
        assert "Idempotent-Replayed" not in response.headers
        numbers.add(took(response, 201)["number"])
    assert len(numbers) == 2
    assert Order.objects.count() == 2


def test_two_keys_are_two_checkouts(ada: Person) -> None:
    product("MUG-01")
    ada.add("MUG-01")
    took(checks_out(ada, "k1"), 201)
    assert_problem(checks_out(ada, "k2"), *EMPTY)
    ada.add("MUG-01")
    took(checks_out(ada, "k2"), 201)
    assert Order.objects.count() == 2


@pytest.mark.parametrize("key", ["a", "A" * 128, "1-2_3.4:5", "0b0f6c5e-6f3e-4a63-9f9b-ff1f"])
def test_what_can_be_a_key(ada: Person, key: str) -> None:
    product("MUG-01")
    ada.add("MUG-01")
    took(checks_out(ada, key), 201)


@pytest.mark.parametrize("key", ["", " ", "a b", "a" * 129, "é", "a,b", "{}", "a/b", '"a"'])
def test_what_cannot_be_a_key(ada: Person, key: str) -> None:
    product("MUG-01")
    ada.add("MUG-01")
    before = snapshot()
    assert_invalid(checks_out(ada, key), NO_KEY)
    assert_invalid(ada.post("/orders", CHECKOUT), NO_KEY)
    assert snapshot() == before


def test_an_anonymous_cart_has_to_be_taken_along_to_be_ordered(ada: Person) -> None:
    product("MUG-01")
    nobody = Person()
    nobody.add("MUG-01")
    response = checks_out(nobody)
    assert_problem(
        response, 401, "not_authenticated", "Sign in: the header Authorization is missing."
    )
    ada.cart_token = nobody.cart_token
    assert_problem(checks_out(ada), *EMPTY)
    assert nobody.in_cart() == {"MUG-01": 1}


def test_whoever_works_for_the_shop_may_buy_there() -> None:
    product("MUG-01")
    for number, role in enumerate(Role):
        person = join(f"p{number}", role)
        order = person.buy("MUG-01")
        assert order["email"] == f"p{number}@example.com"
    assert stock_of("MUG-01") == 10 - len(Role)


def test_yen_and_dinars_are_ordered_to_the_last_digit(ada: Person) -> None:
    for sku, price, total, tax in (
        ("YEN-01", "1099 JPY", "3297 JPY", "300 JPY"),
        ("DIN-01", "1.005 KWD", "3.015 KWD", "0.274 KWD"),
    ):
        product(sku, price, tax_rate=10)
        ada.add(sku, 3)
        order = ada.check_out()
        assert (order["total"], order["tax"]) == (wire(total), wire(tax))


def test_a_hundred_products_are_ordered_at_once(ada: Person) -> None:
    skus = products(100)
    ada.add(skus[0])
    fill(Cart.objects.get(), *skus[1:])
    order = ada.check_out()
    assert [line["sku"] for line in order["lines"]] == skus
    assert order["total"] == wire("1250.00 EUR")
    assert set(Product.objects.values_list("stock", flat=True)) == {9}


def test_an_order_that_costs_more_than_there_are_digits_for_is_refused(ada: Person) -> None:
    product("GEM-01", "99999999999.99 EUR")
    ada.add("GEM-01", 2)
    before = snapshot()
    assert_problem(
        checks_out(ada),
        409,
        "total_too_large",
        "The total has more digits than an order has room for. Order these one by one.",
    )
    assert snapshot() == before
    took(ada.put("/cart/lines/GEM-01", {"quantity": 1}), 200)
    assert took(checks_out(ada), 201)["total"] == wire("99999999999.99 EUR")
