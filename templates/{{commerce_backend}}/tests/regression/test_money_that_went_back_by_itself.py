"""A refund that was made at the provider left the order paid, and it was sent off all the same.

One that was reported before the payment had succeeded made the order unpayable for ever.
"""

import pytest
from shop import Person, assert_moved, join, order_of, product, report, snapshot, stock_of
from support import assert_problem

from app.orders.models import Order
from app.payments.provider import EventKind
from app.roles.services import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Person:
    product("MUG-01", stock=3)
    return join("ada")


def test_an_order_whose_money_is_gone_is_cancelled_and_its_goods_return(ada: Person) -> None:
    number = ada.buy("MUG-01")["number"]
    reference = ada.pay(number)
    assert report(reference, EventKind.REFUNDED).json() == {"outcome": "applied"}
    assert (ada.status(number), stock_of("MUG-01")) == ("cancelled", 3)
    reason = f"payment {reference} given back"
    assert_moved(
        number,
        ("", "pending", "ada", ""),
        ("pending", "paid", None, f"payment {reference}"),
        ("paid", "cancelled", None, reason),
    )


@pytest.mark.parametrize("moves", [["ship"], ["ship", "deliver"]])
def test_an_order_that_has_left_is_refunded_and_its_goods_are_not_counted_again(
    ada: Person, moves: list[str]
) -> None:
    boss = join("boss", Role.ADMINISTRATOR)
    number = ada.buy("MUG-01")["number"]
    reference = ada.pay(number)
    for move in moves:
        boss.move(number, move)
    report(reference, EventKind.REFUNDED)
    assert (ada.status(number), stock_of("MUG-01")) == ("refunded", 2)


def test_a_refund_that_was_asked_for_here_moves_nothing_more(ada: Person) -> None:
    number = ada.buy("MUG-01")["number"]
    reference = ada.pay(number)
    ada.move(number, "cancel")
    before = order_of(number).changes.count()
    report(reference, EventKind.REFUNDED)
    assert (ada.status(number), order_of(number).changes.count()) == ("cancelled", before)


@pytest.mark.parametrize("earlier", [[], [EventKind.FAILED]])
def test_a_refund_of_what_was_not_paid_is_refused_and_changes_nothing(
    ada: Person, earlier: list[EventKind]
) -> None:
    number = ada.buy("MUG-01")["number"]
    reference = ada.start_payment(number)["reference"]
    for kind in earlier:
        report(reference, kind)
    before = snapshot()
    assert_problem(
        report(reference, EventKind.REFUNDED),
        409,
        "too_early",
        "This payment has not succeeded yet. Report it again after that.",
    )
    assert snapshot() == before
    report(reference)
    assert Order.objects.get().status == "paid"
