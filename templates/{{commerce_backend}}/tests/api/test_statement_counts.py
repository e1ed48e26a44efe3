"""How many statements each route sends to the database; much takes no more than little."""

from functools import partial

import pytest
from shop import (
    CHECKOUT,
    NEW_PRODUCT,
    Person,
    category,
    fill,
    join,
    ordered,
    product,
    products,
    report,
    set_status,
    statements,
    undone,
    wire,
)
from support import PASSWORD, Json, member

from app.carts.models import Cart
from app.orders.lifecycle import Status
from app.roles.services import Role

pytestmark = pytest.mark.django_db

Counts = dict[str, int]


# How many statements for nobody in particular.
CATALOGUE = {
    "GET /categories": 2,
    "GET /categories/kitchen": 1,
    "GET /products": 2,
    "GET /products?q=p+0&category=kitchen&in_stock=true&min_price=1&ordering=-price": 2,
    "GET /products?offset=1000": 1,
    "GET /products/p-000": 1,
}
# For customers, the first statement asks whose token it is. In a cart and in an order are either
# one product or thirty.
SHOPPING = {
    "GET /cart": 3,
    "POST /cart/lines": 7,
    "PUT /cart/lines/P-000": 7,
    "DELETE /cart/lines/P-000": 4,
    "DELETE /cart": 4,
    "POST /orders": 13,
    "GET /orders": 5,
    "GET /orders?status=pending": 5,
    "GET /orders/{pending}": 4,
    "POST /orders/{pending}/cancel": 11,
    "POST /orders/{pending}/payment": 6,
}
# For staff, two more ask what they may.
WORKING = {
    "GET /products": 5,
    "GET /orders": 7,
    "GET /orders/{pending}": 6,
    "POST /orders/{pending}/cancel": 13,
    "POST /orders/{paid}/ship": 9,
    "POST /orders/{shipped}/deliver": 9,
    "POST /orders/{shipped}/refund": 12,
    "POST /categories": 4,
    "PATCH /categories/kitchen": 5,
    "DELETE /categories/empty": 7,
    "POST /products": 6,
    "PATCH /products/p-000": 7,
    "POST /products/p-000/stock": 6,
}
BODIES: dict[str, Json] = {
    "POST /cart/lines": {"sku": "P-000", "quantity": 1},
    "PUT /cart/lines/P-000": {"quantity": 3},
    "POST /orders": CHECKOUT,
    "POST /categories": {"name": "New", "slug": "new"},
    "PATCH /categories/kitchen": {"name": "Cooking"},
    "POST /products": NEW_PRODUCT,
    "PATCH /products/p-000": {"category": "empty", "price": wire("1.00 EUR")},
    "POST /products/p-000/stock": {"change": 1},
}


def counted(person: Person, expected: Counts, **values: str) -> Counts:
    """How many statements each route sends; each starts from the same scene."""
    found = {}
    for route in expected:
        method, path = route.format(**values).split()
        send = partial(person.request, method, path, BODIES.get(route), {"Idempotency-Key": "k1"})
        with undone():
            found[route] = statements(send)
    return found


def orders(person: Person, skus: list[str]) -> dict[str, str]:
    """An order in each state that a route asks for, with all of these products in it."""
    numbers = {}
    for status in (Status.PENDING, Status.PAID, Status.SHIPPED):
        person.add(skus[0])
        fill(Cart.objects.get(), *skus[1:])
        number = person.check_out()["number"]
        if status != Status.PENDING:
            person.pay(number)
        set_status(number, status)
        numbers[status.value] = number
    return numbers


@pytest.mark.parametrize("size", [1, 30])
def test_the_catalogue_takes_as_many_statements_for_thirty_products_as_for_one(size: int) -> None:
    for number in range(size):
        category(f"Category {number}" if number else "Kitchen")
    products(size)
    assert counted(Person(), CATALOGUE) == CATALOGUE


@pytest.mark.parametrize("size", [1, 30])
def test_a_customer_takes_as_many_statements_for_thirty_lines_as_for_one(size: int) -> None:
    ada = join("ada")
    skus = products(size, stock=50)
    numbers = orders(ada, skus)
    ada.add(skus[0])
    fill(Cart.objects.get(), *skus[1:])
    assert counted(ada, SHOPPING, **numbers) == SHOPPING


@pytest.mark.parametrize("size", [1, 30])
def test_staff_take_as_many_statements_for_thirty_lines_as_for_one(size: int) -> None:
    category("Empty")
    skus = products(size, stock=50)
    numbers = orders(join("ada"), skus)
    assert counted(join("anna", Role.ADMINISTRATOR), WORKING, **numbers) == WORKING


@pytest.mark.parametrize("size", [1, 30])
def test_a_list_of_orders_takes_as_many_statements_for_thirty_as_for_one(size: int) -> None:
    ada = join("ada")
    product("MUG-01", stock=100)
    for _ in range(size):
        ordered(ada)
    assert statements(lambda: ada.get("/orders", limit=30)) == SHOPPING["GET /orders"]


@pytest.mark.parametrize("size", [1, 30])
def test_a_report_of_the_provider_takes_as_many_statements_for_thirty_lines(size: int) -> None:
    ada = join("ada")
    product("MUG-00")
    skus = products(size, stock=50)
    ada.add("MUG-00")
    fill(Cart.objects.get(), *skus)
    reference = ada.start_payment(ada.check_out()["number"])["reference"]
    assert statements(lambda: report(reference)) == 10


def test_merging_carts_takes_as_many_statements_for_thirty_products_as_for_one() -> None:
    product("MUG-00")
    skus = products(30)
    found = []
    for size in (1, 30):
        email = f"m{size}@example.com"
        member(email)
        nobody = Person()
        nobody.add("MUG-00")
        fill(Cart.objects.get(token=nobody.cart_token), *skus[: size - 1])
        body = {"email": email, "password": PASSWORD}
        found.append(statements(partial(nobody.post, "/auth/login", body)))
    assert found[1] == found[0]
