"""One account could order the whole stock, pay for none of it, and keep it for hours."""

import pytest
from shop import CHECKOUT, join, product, set_status, snapshot
from support import assert_problem

from app.orders.checkout import MOST_UNPAID

pytestmark = pytest.mark.django_db

TOO_MANY = (
    409,
    "too_many_unpaid",
    "There are 5 orders that you have not paid. Pay or cancel one first.",
)


def test_a_customer_has_a_few_unpaid_orders_and_no_more() -> None:
    product("MUG-01", stock=50)
    ada, bob = join("ada"), join("bob")
    numbers = [ada.buy("MUG-01")["number"] for _ in range(MOST_UNPAID)]
    ada.add("MUG-01")
    before = snapshot()
    assert_problem(ada.post("/orders", CHECKOUT, idempotency_key="one-more"), *TOO_MANY)
    assert snapshot() == before
    # Others may, and so may she when one is paid for or cancelled.
    bob.buy("MUG-01")
    set_status(numbers[0], "paid")
    ada.check_out()
    ada.add("MUG-01")
    assert_problem(ada.post("/orders", CHECKOUT, idempotency_key="one-more"), *TOO_MANY)
    ada.move(numbers[1], "cancel")
    ada.check_out()


def test_an_order_that_was_placed_is_given_again_however_many_are_unpaid() -> None:
    product("MUG-01", stock=50)
    ada = join("ada")
    for number in range(MOST_UNPAID):
        ada.add("MUG-01")
        ada.check_out(key=f"key-number-{number}")
    again = ada.post("/orders", CHECKOUT, idempotency_key="key-number-0")
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
