"""Carts: of somebody with a token, and of somebody who is signed in."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now
from shop import Person, fill, join, product, products, sizes, snapshot, took, wire
from support import assert_problem

from app.carts.models import Cart
from app.catalogue.models import Product

pytestmark = pytest.mark.django_db

UNKNOWN = (
    404,
    "cart_not_found",
    "There is no cart with this token. Leave the header X-Cart-Token out to begin a new one.",
)
NO_CART = (404, "cart_not_found", "There is no cart yet; put something into one.")
NO_PRODUCT = (404, "product_not_found", "There is no such product for sale.")
NO_LINE = (404, "line_not_found", "This product is not in the cart.")
TOO_MANY = (409, "too_many", "A cart holds at most 99 of one product.")
EMPTY: dict[str, Any] = {"token": None, "lines": [], "quantity": 0, "total": None}


@pytest.fixture(params=["nobody", "customer"])
def person(request: pytest.FixtureRequest) -> Person:
    """Somebody with a cart: who is not signed in, and who is."""
    return Person() if request.param == "nobody" else join("ada")


def line(sku: str, quantity: int, unit: str, total: str, **more: Any) -> dict[str, Any]:
    return {
        "sku": sku,
        "slug": sku.lower(),
        "name": sku.title(),
        "quantity": quantity,
        "unit_price": wire(unit),
        "total": wire(total),
        "is_available": True,
        **more,
    }


def test_who_has_put_nothing_into_a_cart_sees_an_empty_one(person: Person) -> None:
    before = snapshot()
    assert person.cart() == EMPTY
    assert snapshot() == before


def test_a_cart_has_what_was_put_into_it_in_that_order(person: Person) -> None:
    product("MUG-01", "12.50 EUR")
    product("POT-01", "0.99 EUR")
    first = person.add("POT-01", 3)
    assert first["lines"] == [line("POT-01", 3, "0.99 EUR", "2.97 EUR")]
    cart = person.add("MUG-01")
    assert cart == {
        "token": person.cart_token or None,
        "lines": [
            line("POT-01", 3, "0.99 EUR", "2.97 EUR"),
            line("MUG-01", 1, "12.50 EUR", "12.50 EUR"),
        ],
        "quantity": 4,
        "total": wire("15.47 EUR"),
    }
    assert person.cart() == cart


def test_a_token_is_given_once_and_cannot_be_guessed() -> None:
    product("MUG-01")
    people = [Person() for _ in range(5)]
    tokens = {person.add("MUG-01")["token"] for person in people}
    assert len(tokens) == 5
    for person in people:
        assert re.fullmatch(r"[A-Za-z0-9_-]{43}", person.cart_token)
        assert person.add("MUG-01")["token"] == person.cart_token


def test_who_is_signed_in_has_their_own_cart_whatever_token_they_send() -> None:
    product("MUG-01")
    stranger = Person()
    stranger.add("MUG-01", 5)
    ada = join("ada")
    ada.cart_token = stranger.cart_token
    assert ada.cart() == EMPTY
    assert ada.add("MUG-01")["token"] is None
    assert (ada.in_cart(), stranger.in_cart()) == ({"MUG-01": 1}, {"MUG-01": 5})


def test_a_customers_cart_is_nobody_elses() -> None:
    product("MUG-01")
    ada, bob = join("ada"), join("bob")
    ada.add("MUG-01")
    assert bob.cart() == EMPTY
    assert_problem(bob.delete("/cart"), *NO_CART)
    assert ada.in_cart() == {"MUG-01": 1}


def test_a_customers_cart_goes_with_them_from_one_device_to_another() -> None:
    product("MUG-01")
    at_home = join("ada")
    at_home.add("MUG-01")
    underway = Person(at_home.user, at_home.access)
    assert underway.in_cart() == {"MUG-01": 1}


def test_putting_in_adds_and_setting_sets(person: Person) -> None:
    product("MUG-01")
    person.add("MUG-01", 2)
    assert person.add("MUG-01", 3)["quantity"] == 5
    for _ in range(2):
        cart = took(person.put("/cart/lines/MUG-01", {"quantity": 7}), 200)
        assert cart["quantity"] == 7
    assert person.in_cart() == {"MUG-01": 7}


def test_setting_makes_a_line_and_a_cart_where_there_is_none(person: Person) -> None:
    product("MUG-01")
    cart = took(person.put("/cart/lines/MUG-01", {"quantity": 4}), 200)
    assert cart["lines"] == [line("MUG-01", 4, "12.50 EUR", "50.00 EUR")]
    assert bool(cart["token"]) is not bool(person.access)


def test_a_line_is_taken_out_and_the_others_stay(person: Person) -> None:
    for sku in products(3):
        person.add(sku)
    assert person.delete("/cart/lines/P-001").status_code == 204
    assert person.in_cart() == {"P-000": 1, "P-002": 1}
    assert_problem(person.delete("/cart/lines/P-001"), *NO_LINE)


def test_a_cart_is_emptied_and_stays(person: Person) -> None:
    for sku in products(3):
        person.add(sku)
    assert person.delete("/cart").status_code == 204
    assert person.cart() == {**EMPTY, "token": person.cart_token or None}
    assert person.delete("/cart").status_code == 204


def test_without_a_cart_there_is_nothing_to_empty_or_take_out(person: Person) -> None:
    product("MUG-01")
    before = snapshot()
    assert_problem(person.delete("/cart"), *NO_CART)
    assert_problem(person.delete("/cart/lines/MUG-01"), *NO_CART)
    assert snapshot() == before


@pytest.mark.parametrize("token", ["x", "A" * 43, "A" * 5000, "' OR 1=1 --"])
def test_an_unknown_token_opens_no_cart_and_makes_none(token: str) -> None:
    product("MUG-01")
    Person().add("MUG-01")
    stranger = Person(cart_token=token)
    before = snapshot()
    answers = [
        stranger.get("/cart"),
        stranger.delete("/cart"),
        stranger.post("/cart/lines", {"sku": "MUG-01", "quantity": 1}),
        stranger.put("/cart/lines/MUG-01", {"quantity": 1}),
        stranger.delete("/cart/lines/MUG-01"),
    ]
    for answer in answers:
        assert_problem(answer, *UNKNOWN)
    assert snapshot() == before


def test_a_token_stands_in_a_header_and_nowhere_else() -> None:
    product("MUG-01")
    person = Person()
    person.add("MUG-01")
    found = Person().get("/cart", token=person.cart_token)
    assert took(found, 200) == EMPTY
    assert person.cart_token not in str(Cart.objects.get())


@pytest.mark.parametrize("sku", ["MUG-02", "HIDDEN-01"])
def test_only_what_is_for_sale_goes_into_a_cart(person: Person, sku: str) -> None:
    product("HIDDEN-01", is_active=False)
    before = snapshot()
    assert_problem(person.post("/cart/lines", {"sku": sku, "quantity": 1}), *NO_PRODUCT)
    assert_problem(person.put(f"/cart/lines/{sku}", {"quantity": 1}), *NO_PRODUCT)
    assert snapshot() == before


def test_a_cart_holds_ninety_nine_of_one_product(person: Person) -> None:
    product("MUG-01", stock=5)
    person.add("MUG-01", 98)
    assert_problem(person.post("/cart/lines", {"sku": "MUG-01", "quantity": 2}), *TOO_MANY)
    assert person.in_cart() == {"MUG-01": 98}
    person.add("MUG-01", 1)
    assert_problem(person.post("/cart/lines", {"sku": "MUG-01", "quantity": 1}), *TOO_MANY)
    assert person.in_cart() == {"MUG-01": 99}


def test_a_cart_holds_a_hundred_products(person: Person) -> None:
    skus = products(101)
    person.add(skus[0])
    fill(Cart.objects.get(), *skus[1:100])
    before = snapshot()
    full = (409, "too_many", "A cart holds at most 100 products.")
    assert_problem(person.post("/cart/lines", {"sku": skus[100], "quantity": 1}), *full)
    assert_problem(person.put(f"/cart/lines/{skus[100]}", {"quantity": 1}), *full)
    assert snapshot() == before
    assert person.add(skus[0])["quantity"] == 101


def test_a_cart_has_one_currency(person: Person) -> None:
    product("MUG-01", "12.50 EUR")
    product("YEN-01", "1200 JPY")
    person.add("MUG-01")
    before = snapshot()
    mismatch = (
        409,
        "currency_mismatch",
        "This product is sold in JPY, and what is in the cart in EUR. Order that first.",
    )
    assert_problem(person.post("/cart/lines", {"sku": "YEN-01", "quantity": 1}), *mismatch)
    assert_problem(person.put("/cart/lines/YEN-01", {"quantity": 1}), *mismatch)
    assert snapshot() == before
    person.delete("/cart")
    assert person.add("YEN-01", 2)["total"] == wire("2400 JPY")


def test_a_cart_that_could_not_be_filled_is_not_there() -> None:
    before = snapshot()
    response = Person().post("/cart/lines", {"sku": "NOTHING", "quantity": 1})
    assert_problem(response, *NO_PRODUCT)
    assert snapshot() == before


def test_prices_are_those_of_the_catalogue_at_the_time_of_looking(person: Person) -> None:
    product("MUG-01", "12.50 EUR")
    person.add("MUG-01", 2)
    Product.objects.update(price_amount="13.00", name="Bigger mug", slug="bigger-mug")
    assert person.cart()["lines"] == [
        line("MUG-01", 2, "13.00 EUR", "26.00 EUR", name="Bigger mug", slug="bigger-mug")
    ]
    assert person.cart()["total"] == wire("26.00 EUR")


def test_a_price_that_the_client_sends_makes_no_difference(person: Person) -> None:
    product("MUG-01", "12.50 EUR")
    cheap = {"price": wire("0.01 EUR"), "unit_price": wire("0.01 EUR"), "total": "0"}
    body = {"sku": "MUG-01", "quantity": 1, **cheap}
    cart = took(person.post("/cart/lines", body), 201)
    assert cart["total"] == wire("12.50 EUR")
    if cart["token"]:
        person.cart_token = cart["token"]
    cart = took(person.put("/cart/lines/MUG-01", {"quantity": 1, **cheap}), 200)
    assert cart["total"] == wire("12.50 EUR")


@pytest.mark.parametrize(
    ("stock", "is_active", "is_available"),
    [(2, True, True), (1, True, False), (0, True, False), (2, False, False)],
)
def test_a_line_says_whether_as_many_could_be_bought(
    person: Person, stock: int, is_active: bool, is_available: bool
) -> None:
    product("MUG-01", stock=2)
    person.add("MUG-01", 2)
    Product.objects.update(stock=stock, is_active=is_active)
    assert person.cart()["lines"] == [
        line("MUG-01", 2, "12.50 EUR", "25.00 EUR", is_available=is_available)
    ]


def test_more_than_there_are_may_be_wished_for(person: Person) -> None:
    product("MUG-01", stock=0)
    assert person.add("MUG-01", 5)["lines"][0]["is_available"] is False


def test_what_is_not_for_sale_any_more_can_be_taken_out_and_not_changed(person: Person) -> None:
    product("MUG-01")
    person.add("MUG-01", 2)
    Product.objects.update(is_active=False)
    assert_problem(person.put("/cart/lines/MUG-01", {"quantity": 1}), *NO_PRODUCT)
    assert_problem(person.post("/cart/lines", {"sku": "MUG-01", "quantity": 1}), *NO_PRODUCT)
    assert person.in_cart() == {"MUG-01": 2}
    assert person.delete("/cart/lines/MUG-01").status_code == 204
    assert person.in_cart() == {}


def test_whatever_changes_a_cart_keeps_it_from_being_forgotten(person: Person) -> None:
    product("MUG-01")
    person.add("MUG-01")
    long_ago = now() - timedelta(days=400)
    changes = [
        ("POST", "/cart/lines", {"sku": "MUG-01", "quantity": 1}),
        ("PUT", "/cart/lines/MUG-01", {"quantity": 1}),
        ("DELETE", "/cart/lines/MUG-01", None),
        ("DELETE", "/cart", None),
    ]
    for method, path, body in changes:
        Cart.objects.update(touched_at=long_ago)
        assert person.request(method, path, body).status_code < 300
        assert now() - Cart.objects.get().touched_at < timedelta(minutes=5)


def test_a_cart_is_one_row_and_a_line_is_one_row(person: Person) -> None:
    product("MUG-01")
    for _ in range(3):
        person.add("MUG-01")
    found = sizes(snapshot())
    assert (found["carts_cart"], found["carts_cartline"]) == (1, 1)
