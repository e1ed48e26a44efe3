"""Orders after checkout: who sees them, where they go, and what is told of that."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from shop import (
    Person,
    assert_moved,
    changed,
    join,
    order_of,
    ordered,
    product,
    queued,
    set_status,
    snapshot,
    stock_of,
    took,
)
from support import assert_problem

from app.orders.lifecycle import MOVES, Status
from app.orders.models import Order
from app.payments.models import PaymentStatus
from app.roles.services import Role

pytestmark = pytest.mark.django_db

NO_ORDER = (404, "order_not_found", "There is no such order.")
NOT_ALLOWED = (403, "permission_denied", "You may not do this.")

# What the API calls a move, and where it leads.
WAYS = {
    "cancel": Status.CANCELLED,
    "ship": Status.SHIPPED,
    "deliver": Status.DELIVERED,
    "refund": Status.REFUNDED,
}


@pytest.fixture
def ada() -> Person:
    return join("ada")


@pytest.fixture
def boss() -> Person:
    return join("anna", Role.ADMINISTRATOR)


def test_customers_list_their_own_orders_the_newest_first(ada: Person) -> None:
    product("MUG-01")
    bob = join("bob")
    numbers = [ada.buy("MUG-01")["number"] for _ in range(3)]
    bobs = bob.buy("MUG-01")["number"]
    assert ada.listed("/orders", "number") == (numbers[::-1], 3)
    assert ada.listed("/orders", "number", ordering="placed") == (numbers, 3)
    assert ada.listed("/orders", "number", limit=1, offset=1) == ([numbers[1]], 3)
    assert bob.listed("/orders", "number") == ([bobs], 1)


def test_a_listed_order_is_the_whole_order(ada: Person) -> None:
    product("MUG-01")
    number = ada.buy("MUG-01")["number"]
    page = took(ada.get("/orders"), 200)
    assert page == {"count": 1, "results": [took(ada.get(f"/orders/{number}"), 200)]}


def test_orders_are_listed_by_where_they_stand(ada: Person, boss: Person) -> None:
    product("MUG-01")
    numbers = {}
    for status in Status:
        numbers[status.value] = ordered(ada, status=status)
    for person in (ada, boss):
        for wanted, number in numbers.items():
            assert person.listed("/orders", "number", status=wanted) == ([number], 1)


def test_staff_who_may_view_orders_list_all_of_them(ada: Person, boss: Person) -> None:
    product("MUG-01")
    numbers = [person.buy("MUG-01")["number"] for person in (ada, join("bob"))]
    support = join("sam", Role.SUPPORT)
    merchandiser = join("mary", Role.MERCHANDISER)
    for person in (boss, support):
        assert person.listed("/orders", "number") == (numbers[::-1], 2)
        assert person.status(numbers[0]) == "pending"
    assert merchandiser.listed("/orders", "number") == ([], 0)
    assert_problem(merchandiser.get(f"/orders/{numbers[0]}"), *NO_ORDER)


def test_somebody_elses_order_is_as_if_it_were_not_there(ada: Person) -> None:
    product("MUG-01")
    number = ada.buy("MUG-01")["number"]
    bob = join("bob")
    before = snapshot()
    for path in ("", "/payment", "/cancel", "/ship", "/deliver", "/refund"):
        for other in (number, "0000-0000-0000"):
            method = "POST" if path else "GET"
            assert_problem(bob.request(method, f"/orders/{other}{path}"), *NO_ORDER)
    assert snapshot() == before


@pytest.mark.parametrize("number", ["x", "0", "%F0%9F%98%80", "a" * 500, "0000-0000-000%0A", "%FF"])
def test_what_is_no_number_is_no_order(ada: Person, number: str) -> None:
    assert_problem(ada.get(f"/orders/{number}"), *NO_ORDER)


def test_a_number_is_told_by_its_capital_letters(ada: Person) -> None:
    product("MUG-01")
    number = ada.buy("MUG-01")["number"]
    Order.objects.update(number="7K3M-9QXA-2F0B")
    assert ada.status("7K3M-9QXA-2F0B") == "pending"
    assert_problem(ada.get("/orders/7k3m-9qxa-2f0b"), *NO_ORDER)
    assert_problem(ada.get(f"/orders/{number}"), *NO_ORDER)


def test_an_order_on_its_way_to_the_door(ada: Person, boss: Person) -> None:
    product("MUG-01")
    number = ada.buy("MUG-01")["number"]
    reference = ada.pay(number)
    for move, status in (("ship", "shipped"), ("deliver", "delivered")):
        answer = boss.move(number, move)
        assert answer["status"] == status
        assert answer == took(ada.get(f"/orders/{number}"), 200)
    assert_moved(
        number,
        ("", "pending", "ada", ""),
        ("pending", "paid", None, f"payment {reference}"),
        ("paid", "shipped", "anna", ""),
        ("shipped", "delivered", "anna", ""),
    )
    history = took(ada.get(f"/orders/{number}"), 200)["history"]
    assert [(each["status"], each["by_customer"], each["reason"]) for each in history] == [
        ("pending", True, ""),
        ("paid", False, f"payment {reference}"),
        ("shipped", False, ""),
        ("delivered", False, ""),
    ]


def test_who_of_the_staff_did_it_is_not_the_customers_business(ada: Person, boss: Person) -> None:
    product("MUG-01")
    number = ada.buy("MUG-01")["number"]
    ada.pay(number)
    boss.move(number, "ship")
    seen = ada.get(f"/orders/{number}").content.decode()
    assert "anna" not in seen
    assert str(boss.user.pk if boss.user else "") not in seen


def test_cancelling_returns_the_stock(ada: Person) -> None:
    product("MUG-01", stock=10)
    product("POT-01", stock=5)
    ada.add("MUG-01", 3)
    ada.add("POT-01", 5)
    number = ada.check_out()["number"]
    assert (stock_of("MUG-01"), stock_of("POT-01")) == (7, 0)
    body = {"reason": "Found it cheaper."}
    answer = took(ada.post(f"/orders/{number}/cancel", body), 200)
    assert answer["status"] == "cancelled"
    assert answer["history"][-1]["reason"] == "Found it cheaper."
    assert (stock_of("MUG-01"), stock_of("POT-01")) == (10, 5)
    assert_moved(
        number,
        ("", "pending", "ada", ""),
        ("pending", "cancelled", "ada", "Found it cheaper."),
    )


def test_cancelling_what_was_paid_returns_the_money_too(ada: Person) -> None:
    product("MUG-01", stock=10)
    number = ada.buy("MUG-01")["number"]
    ada.pay(number)
    assert ada.move(number, "cancel")["status"] == "cancelled"
    assert stock_of("MUG-01") == 10
    assert order_of(number).payments.get().status == PaymentStatus.REFUND_REQUESTED
    assert queued() == ["send_confirmation", "refund"]


def test_support_cancels_for_others(ada: Person) -> None:
    product("MUG-01", stock=10)
    number = ada.buy("MUG-01")["number"]
    support = join("sam", Role.SUPPORT)
    took(support.post(f"/orders/{number}/cancel", {"reason": "Asked by phone."}), 200)
    assert stock_of("MUG-01") == 10
    assert_moved(
        number,
        ("", "pending", "ada", ""),
        ("pending", "cancelled", "sam", "Asked by phone."),
    )


def test_refunding_returns_the_money_and_leaves_the_stock(ada: Person, boss: Person) -> None:
    product("MUG-01", stock=10)
    number = ada.buy("MUG-01")["number"]
    ada.pay(number)
    boss.move(number, "ship")
    answer = took(boss.post(f"/orders/{number}/refund", {"reason": "Broken."}), 200)
    assert (answer["status"], answer["history"][-1]["reason"]) == ("refunded", "Broken.")
    assert stock_of("MUG-01") == 9
    assert order_of(number).payments.get().status == PaymentStatus.REFUND_REQUESTED


def test_what_is_not_for_sale_any_more_returns_to_the_stock_all_the_same(ada: Person) -> None:
    mug = product("MUG-01", stock=10)
    number = ada.buy("MUG-01")["number"]
    mug.is_active = False
    mug.save(update_fields=["is_active"])
    ada.move(number, "cancel")
    assert stock_of("MUG-01") == 10


def test_every_move_from_every_state_is_made_or_refused_with_the_ways_that_there_are(
    ada: Person, boss: Person
) -> None:
    product("MUG-01", stock=50)
    for before in Status:
        for move, after in WAYS.items():
            number = ordered(ada, status=before)
            rows = snapshot()
            answer = boss.post(f"/orders/{number}/{move}")
            if after in MOVES[before]:
                assert took(answer, 200)["status"] == after
                continue
            ways = [status.value for status in Status if status in MOVES[before]]
            where = f"it can become {' or '.join(ways)}" if ways else "that is its end"
            sentence = f"The order is {before.value} and cannot become {after.value}: {where}."
            assert_problem(answer, 409, "move_not_allowed", sentence)
            assert snapshot() == rows


@pytest.mark.parametrize("move", ["ship", "deliver", "refund"])
@pytest.mark.parametrize("role", [None, Role.SUPPORT])
def test_whoever_may_see_an_order_may_not_do_everything_with_it(
    ada: Person, move: str, role: Role | None
) -> None:
    product("MUG-01")
    number = ada.buy("MUG-01")["number"]
    set_status(number, Status.PAID if move == "ship" else Status.SHIPPED)
    person = join("sam", role) if role else ada
    before = snapshot()
    assert_problem(person.post(f"/orders/{number}/{move}"), *NOT_ALLOWED)
    assert snapshot() == before


def test_a_right_is_asked_for_and_not_a_role(ada: Person) -> None:
    product("MUG-01")
    number = ada.buy("MUG-01")["number"]
    set_status(number, Status.PAID)
    sam = join("sam", Role.SUPPORT)
    assert_problem(sam.post(f"/orders/{number}/ship"), *NOT_ALLOWED)
    assert sam.user
    sam.user.user_permissions.add(Permission.objects.get(codename="ship_order"))
    assert sam.move(number, "ship")["status"] == "shipped"


def test_a_move_changes_these_tables_and_no_others(ada: Person, boss: Person) -> None:
    product("MUG-01")
    moves: dict[str, tuple[Status, set[str]]] = {
        "ship": (Status.PAID, set()),
        "deliver": (Status.SHIPPED, set()),
        "refund": (Status.SHIPPED, set()),
        "cancel": (Status.PENDING, {"catalogue_product"}),
    }
    for move, (before, more) in moves.items():
        number = ada.buy("MUG-01")["number"]
        set_status(number, before)
        rows = snapshot()
        boss.move(number, move)
        assert changed(rows, snapshot()) == {"orders_order", "orders_statuschange", *more}


def test_an_order_keeps_the_address_to_write_to(ada: Person) -> None:
    product("MUG-01")
    number = ada.buy("MUG-01")["number"]
    assert ada.user
    ada.user.email = "new@example.com"
    ada.user.save()
    order: dict[str, Any] = took(ada.get(f"/orders/{number}"), 200)
    assert order["email"] == "ada@example.com"
