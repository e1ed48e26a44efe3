"""What somebody put into a cart before they signed in is theirs afterwards."""

from typing import Any

import pytest
from shop import Person, fill, join, product, products, sizes, snapshot, took
from support import PASSWORD

from app.accounts.models import User
from app.carts.models import Cart

pytestmark = pytest.mark.django_db

EMAIL = "ada@example.com"


@pytest.fixture
def ada() -> Person:
    """A customer with a password, who has a cart of her own."""
    user = User.objects.create_user(EMAIL, PASSWORD)
    person = join("of-before")
    Cart.objects.create(customer=user)
    return Person(user, person.access)


def sign_in(token: str | None, email: str = EMAIL) -> Person:
    headers = {"x_cart_token": token} if token is not None else {}
    body = {"email": email, "password": PASSWORD}
    answer = took(Person().post("/auth/login", body, **headers), 200)
    return Person(access=answer["access"])


def register(token: str, email: str = "eve@example.com") -> Person:
    body = {"email": email, "password": PASSWORD}
    answer = took(Person().post("/auth/register", body, x_cart_token=token), 201)
    return Person(access=answer["access"])


def anonymous(**lines: int) -> Person:
    person = Person()
    for sku, quantity in lines.items():
        person.add(sku.replace("_", "-"), quantity)
    return person


def is_gone(person: Person) -> bool:
    return bool(person.get("/cart").status_code == 404)


def test_who_registers_takes_the_cart_along() -> None:
    product("MUG-01")
    nobody = anonymous(MUG_01=3)
    eve = register(nobody.cart_token)
    assert eve.in_cart() == {"MUG-01": 3}
    assert is_gone(nobody)


def test_who_signs_in_takes_the_cart_along(ada: Person) -> None:
    product("MUG-01")
    nobody = anonymous(MUG_01=3)
    assert sign_in(nobody.cart_token).in_cart() == {"MUG-01": 3}
    assert is_gone(nobody)
    del ada


def test_quantities_are_added_up_to_the_most_and_other_lines_put_behind() -> None:
    User.objects.create_user(EMAIL, PASSWORD)
    skus = products(4)
    ada = sign_in(None)
    ada.add("P-000", 2)
    ada.add("P-001", 90)
    nobody = anonymous(P_003=4, P_001=20, P_000=1)
    assert sign_in(nobody.cart_token).in_cart() == {
        "P-000": 3,
        "P-001": 99,
        "P-003": 4,
    }
    assert list(ada.in_cart()) == [skus[0], skus[1], skus[3]]
    assert is_gone(nobody)


def test_another_currency_stays_behind() -> None:
    User.objects.create_user(EMAIL, PASSWORD)
    product("MUG-01", "12.50 EUR")
    product("YEN-01", "1200 JPY")
    ada = sign_in(None)
    ada.add("MUG-01")
    nobody = anonymous(YEN_01=1)
    assert sign_in(nobody.cart_token).in_cart() == {"MUG-01": 1}
    assert is_gone(nobody)


def test_an_empty_cart_takes_the_currency_of_what_comes(ada: Person) -> None:
    product("YEN-01", "1200 JPY")
    product("YEN-02", "1300 JPY")
    nobody = anonymous(YEN_01=1, YEN_02=2)
    assert sign_in(nobody.cart_token).in_cart() == {"YEN-01": 1, "YEN-02": 2}
    del ada


def test_more_than_a_hundred_products_do_not_fit() -> None:
    User.objects.create_user(EMAIL, PASSWORD)
    skus = products(102)
    ada = sign_in(None)
    ada.add(skus[0])
    fill(Cart.objects.get(), *skus[1:99])
    nobody = Person()
    for sku in (skus[0], *skus[99:]):
        nobody.add(sku)
    found = sign_in(nobody.cart_token).in_cart()
    assert list(found) == skus[:100]
    assert (found[skus[0]], found[skus[99]]) == (2, 1)
    assert is_gone(nobody)


def test_what_is_not_for_sale_any_more_comes_along_and_says_so(ada: Person) -> None:
    made = product("MUG-01")
    nobody = anonymous(MUG_01=1)
    made.is_active = False
    made.save()
    cart = sign_in(nobody.cart_token).cart()
    assert [(line["sku"], line["is_available"]) for line in cart["lines"]] == [("MUG-01", False)]
    del ada


@pytest.mark.parametrize("token", ["", "unknown", "A" * 43, "A" * 5000])
def test_a_token_that_is_not_known_keeps_nobody_from_signing_in(ada: Person, token: str) -> None:
    assert sign_in(token).in_cart() == {}
    assert register(token).in_cart() == {}
    del ada


def test_a_cart_is_merged_once() -> None:
    User.objects.create_user(EMAIL, PASSWORD)
    product("MUG-01")
    nobody = anonymous(MUG_01=3)
    for _ in range(2):
        ada = sign_in(nobody.cart_token)
    assert ada.in_cart() == {"MUG-01": 3}
    assert register(nobody.cart_token).in_cart() == {}


def test_signing_in_without_a_token_leaves_every_cart_as_it_is() -> None:
    User.objects.create_user(EMAIL, PASSWORD)
    product("MUG-01")
    nobody = anonymous(MUG_01=3)
    sign_in(None)
    assert nobody.in_cart() == {"MUG-01": 3}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/auth/login", {"email": EMAIL, "password": "wrong password"}, 401),
        ("/auth/register", {"email": EMAIL, "password": PASSWORD}, 409),
        ("/auth/register", {"email": "eve@example.com", "password": "short"}, 400),
    ],
)
def test_who_does_not_get_in_takes_nothing_along(
    ada: Person, path: str, body: dict[str, Any], status: int
) -> None:
    product("MUG-01")
    nobody = anonymous(MUG_01=3)
    before = snapshot()
    assert Person().post(path, body, x_cart_token=nobody.cart_token).status_code == status
    assert snapshot() == before
    del ada


def test_a_customers_own_cart_cannot_be_merged_by_anybody() -> None:
    """It has no token, so nothing that is sent can name it."""
    product("MUG-01")
    ada = join("ada")
    ada.add("MUG-01")
    assert ada.cart()["token"] is None
    assert register("None").in_cart() == {}
    assert ada.in_cart() == {"MUG-01": 1}
    assert sizes(snapshot())["carts_cart"] == 2
