"""Requests at the same moment, on a database that is really committed to.

Whatever comes first, nothing is sold, paid or given back twice, nobody is answered that the server
is at fault, and what was answered with success has happened.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from shop import (
    CHECKOUT,
    Person,
    assert_moved,
    at_once,
    category,
    fill,
    join,
    make_roles,
    order_of,
    payment_of,
    product,
    products,
    run_tasks,
    send_report,
    signed_report,
    stock_of,
    took,
    wire,
)
from support import PASSWORD, Response, member

from app.carts.models import Cart, CartLine
from app.catalogue.models import Category, Product
from app.orders.models import Order, StatusChange
from app.orders.services import orders_expire
from app.orders.tasks import send_confirmation
from app.payments.fake import FakeProvider
from app.payments.models import Payment, PaymentEvent
from app.roles.services import Role

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 8
ROUNDS = 4

Send = Callable[[], Response]


@pytest.fixture
def boss() -> Person:
    make_roles()
    return join("anna", Role.ADMINISTRATOR)


def statuses(requests: Sequence[Send]) -> list[int]:
    return [response.status_code for response in at_once(requests)]


def checks_out(person: Person, key: str = "k1") -> Send:
    return lambda: person.post("/orders", CHECKOUT, idempotency_key=key)


def adds(person: Person, sku: str) -> Send:
    return lambda: person.post("/cart/lines", {"sku": sku, "quantity": 1})


def test_one_key_at_once_places_one_order() -> None:
    product("MUG-01", stock=10)
    ada = join("ada")
    ada.add("MUG-01", 2)
    responses = at_once([checks_out(ada)] * AT_ONCE)
    assert {response.status_code for response in responses} == {201}
    assert len({response.json()["number"] for response in responses}) == 1
    replayed = Counter(response.headers.get("Idempotent-Replayed") for response in responses)
    assert replayed == {None: 1, "true": AT_ONCE - 1}
    assert (Order.objects.count(), StatusChange.objects.count()) == (1, 1)
    assert stock_of("MUG-01") == 8


def test_one_cart_at_once_is_ordered_once() -> None:
    product("MUG-01", stock=10)
    ada = join("ada")
    ada.add("MUG-01", 2)
    responses = at_once([checks_out(ada, f"k{number}") for number in range(AT_ONCE)])
    found = Counter((each.status_code, each.json().get("code")) for each in responses)
    assert found == {(201, None): 1, (409, "cart_empty"): AT_ONCE - 1}
    assert (Order.objects.count(), stock_of("MUG-01")) == (1, 8)


def test_what_is_put_into_the_cart_during_a_checkout_is_in_the_order_or_in_the_cart() -> None:
    product("MUG-01", stock=100)
    ada = join("ada")
    for number in range(ROUNDS):
        ada.add("MUG-01")
        answers = at_once([*[adds(ada, "MUG-01")] * 3, checks_out(ada, f"k{number}")])
        order = took(answers[-1], 201)
        ordered = sum(line["quantity"] for line in order["lines"])
        assert ordered + ada.in_cart().get("MUG-01", 0) == 4
        ada.delete("/cart")


def test_carts_with_the_same_products_in_another_order_do_not_wait_for_each_other() -> None:
    skus = products(6, stock=100)
    people = [join(f"p{number}") for number in range(4)]
    for turn in range(ROUNDS):
        for number, person in enumerate(people):
            person.add(skus[-1] if number % 2 else skus[0])
            cart = Cart.objects.get(customer=person.user)
            fill(cart, *(skus[:-1] if number % 2 else skus[1:]))
        assert statuses([checks_out(person, f"k{turn}") for person in people]) == [201] * 4
    assert set(Product.objects.values_list("stock", flat=True)) == {100 - 4 * ROUNDS}


def test_restocking_and_selling_at_once_loses_nothing(boss: Person) -> None:
    product("MUG-01", stock=3)
    people = [join(f"p{number}") for number in range(AT_ONCE)]
    for person in people:
        person.add("MUG-01")
    restocks = [partial(boss.post, "/products/mug-01/stock", {"change": 1})] * 3
    answers = statuses([*map(checks_out, people), *restocks])
    assert answers[AT_ONCE:] == [200] * 3
    sold = Counter(answers[:AT_ONCE])
    assert set(sold) <= {201, 409}
    assert stock_of("MUG-01") == 3 + 3 - sold[201]
    assert Order.objects.count() == sold[201] >= 3


def test_taking_away_at_once_never_takes_more_than_there_is(boss: Person) -> None:
    product("MUG-01", stock=5)
    answers = statuses([partial(boss.post, "/products/mug-01/stock", {"change": -1})] * AT_ONCE)
    assert Counter(answers) == {200: 5, 409: 3}
    assert stock_of("MUG-01") == 0


def test_changing_a_product_while_it_is_sold_does_not_bring_its_stock_back(boss: Person) -> None:
    product("MUG-01", stock=50)
    people = [join(f"p{number}") for number in range(4)]
    for person in people:
        person.add("MUG-01", 2)
    changes = [
        partial(boss.patch, "/products/mug-01", {"name": f"Mug {number}", "description": "New."})
        for number in range(4)
    ]
    assert statuses([*changes, *map(checks_out, people)]) == [200] * 4 + [201] * 4
    assert stock_of("MUG-01") == 42


def test_a_price_that_changes_during_a_checkout_is_charged_whole_or_not_at_all(
    boss: Person,
) -> None:
    product("MUG-01", "10.00 EUR", stock=50)
    for number in range(ROUNDS):
        Product.objects.update(price_amount="10.00")
        person = join(f"p{number}")
        person.add("MUG-01", 3)
        change = partial(boss.patch, "/products/mug-01", {"price": wire("20.00 EUR")})
        order = took(at_once([change, checks_out(person)])[1], 201)
        assert order["total"] in (wire("30.00 EUR"), wire("60.00 EUR"))
        assert order["lines"][0]["total"] == order["total"]


@pytest.mark.parametrize("known", [True, False])
def test_putting_in_at_once_adds_up(known: bool) -> None:
    product("MUG-01")
    person = join("ada")
    if known:
        person.add("MUG-01")
    assert statuses([adds(person, "MUG-01")] * AT_ONCE) == [201] * AT_ONCE
    assert person.in_cart() == {"MUG-01": AT_ONCE + known}
    assert (Cart.objects.count(), CartLine.objects.count()) == (1, 1)


def test_putting_in_at_once_keeps_to_one_currency() -> None:
    product("MUG-01", "12.50 EUR")
    product("YEN-01", "1200 JPY")
    ada = join("ada")
    ada.add("MUG-01")
    for _ in range(ROUNDS):
        ada.delete("/cart")
        answers = statuses([adds(ada, "MUG-01"), adds(ada, "YEN-01")] * 2)
        assert set(answers) <= {201, 409}
        assert len(ada.in_cart()) == 1


def sign_in(email: str, token: str) -> Response:
    body = {"email": email, "password": PASSWORD}
    return Person().post("/auth/login", body, x_cart_token=token)


def in_carts() -> list[int]:
    return sorted(CartLine.objects.values_list("quantity", flat=True))


def test_of_two_customers_who_bring_one_cart_one_gets_it() -> None:
    product("MUG-01")
    for name in ("ada", "bob"):
        member(f"{name}@example.com")
    for number in range(1, ROUNDS + 1):
        CartLine.objects.all().delete()
        nobody = Person()
        nobody.add("MUG-01", number)
        both = [
            partial(sign_in, f"{name}@example.com", nobody.cart_token) for name in ("ada", "bob")
        ]
        assert statuses(both) == [200, 200]
        assert in_carts() == [number]
        assert not Cart.objects.filter(customer=None).exists()


def test_a_customer_who_signs_in_twice_at_once_gets_the_cart_once() -> None:
    product("MUG-01")
    member("ada@example.com")
    nobody = Person()
    nobody.add("MUG-01", 5)
    sign_ins = [partial(sign_in, "ada@example.com", nobody.cart_token)] * 4
    assert statuses(sign_ins) == [200] * 4
    assert in_carts() == [5]
    assert Cart.objects.count() == 1


def test_what_is_put_into_a_cart_while_it_is_merged_is_not_doubled() -> None:
    product("MUG-01")
    member("ada@example.com")
    nobody = Person()
    nobody.add("MUG-01", 5)
    put, signed = at_once(
        [adds(nobody, "MUG-01"), partial(sign_in, "ada@example.com", nobody.cart_token)]
    )
    assert signed.status_code == 200
    assert put.status_code in {201, 404}
    assert in_carts() == [6 if put.status_code == 201 else 5]


def test_one_payment_is_started_however_often_at_once() -> None:
    product("MUG-01")
    ada = join("ada")
    number = ada.buy("MUG-01")["number"]
    answers = at_once([partial(ada.post, f"/orders/{number}/payment")] * AT_ONCE)
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["reference"] for answer in answers} == {Payment.objects.get().reference}


def test_a_report_that_comes_many_times_at_once_counts_once() -> None:
    product("MUG-01")
    ada = join("ada")
    number = ada.buy("MUG-01")["number"]
    body, headers = signed_report(ada.start_payment(number)["reference"])
    answers = at_once([partial(send_report, body, headers)] * AT_ONCE)
    assert [took(answer, 200) for answer in answers] == [{"outcome": "applied"}] * AT_ONCE
    assert PaymentEvent.objects.count() == 1
    assert [change.after for change in order_of(number).changes.all()] == ["pending", "paid"]


def test_a_report_and_a_cancellation_at_once_leave_no_money_and_no_goods_behind() -> None:
    product("MUG-01", stock=10)
    ada = join("ada")
    for _ in range(ROUNDS):
        number = ada.buy("MUG-01")["number"]
        reference = ada.start_payment(number)["reference"]
        body, headers = signed_report(reference)
        report, cancel = at_once(
            [
                partial(send_report, body, headers),
                partial(ada.post, f"/orders/{number}/cancel"),
            ]
        )
        assert took(report, 200) == {"outcome": "applied"}
        assert took(cancel, 200)["status"] == "cancelled"
        assert payment_of(reference).status == "refund_requested"
        assert stock_of("MUG-01") == 10
    run_tasks()
    assert {payment.status for payment in Payment.objects.all()} == {"refunded"}


def test_a_report_and_the_clock_at_once_leave_an_order_paid_or_its_money_given_back() -> None:
    product("MUG-01", stock=10)
    ada = join("ada")
    for _ in range(ROUNDS):
        stock = stock_of("MUG-01")
        number = ada.buy("MUG-01")["number"]
        reference = ada.start_payment(number)["reference"]
        body, headers = signed_report(reference)
        report, _count = at_once(
            [
                partial(send_report, body, headers),
                partial(orders_expire, unpaid_for=-timedelta(hours=1)),
            ]
        )
        assert took(report, 200) == {"outcome": "applied"}
        found = (order_of(number).status, payment_of(reference).status, stock_of("MUG-01"))
        assert found in (
            ("paid", "succeeded", stock - 1),
            ("cancelled", "refund_requested", stock),
        )


def test_an_order_is_cancelled_once_and_its_goods_return_once() -> None:
    product("MUG-01", stock=10)
    ada = join("ada")
    number = ada.buy("MUG-01")["number"]
    answers = statuses([partial(ada.post, f"/orders/{number}/cancel")] * AT_ONCE)
    assert Counter(answers) == {200: 1, 409: AT_ONCE - 1}
    assert stock_of("MUG-01") == 10
    assert_moved(number, ("", "pending", "ada", ""), ("pending", "cancelled", "ada", ""))


def test_an_order_is_shipped_or_cancelled(boss: Person) -> None:
    product("MUG-01", stock=10)
    ada = join("ada")
    for _ in range(ROUNDS):
        stock = stock_of("MUG-01")
        number = ada.buy("MUG-01")["number"]
        reference = ada.pay(number)
        answers = statuses(
            [
                partial(boss.post, f"/orders/{number}/ship"),
                partial(ada.post, f"/orders/{number}/cancel"),
            ]
        )
        found = (order_of(number).status, payment_of(reference).status, stock_of("MUG-01"))
        expected: dict[tuple[int, ...], tuple[Any, ...]] = {
            (200, 409): ("shipped", "succeeded", stock - 1),
            (409, 200): ("cancelled", "refund_requested", stock),
        }
        assert found == expected[tuple(answers)]


def test_money_is_given_back_once(boss: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(
        FakeProvider, "refund", lambda _self, *, reference, money: asked.append((reference, money))
    )
    product("MUG-01")
    ada = join("ada")
    number = ada.buy("MUG-01")["number"]
    reference = ada.pay(number)
    boss.move(number, "ship")
    answers = statuses([partial(boss.post, f"/orders/{number}/refund")] * AT_ONCE)
    assert Counter(answers) == {200: 1, 409: AT_ONCE - 1}
    run_tasks()
    assert asked == [(reference, payment_of(reference).money)]


def test_a_confirmation_is_sent_once_by_however_many_workers() -> None:
    product("MUG-01")
    order = order_of(join("ada").buy("MUG-01")["number"])
    at_once([partial(send_confirmation.call, order.pk)] * AT_ONCE)
    assert [message.subject for message in mail.outbox] == [f"Your order {order.number}"]


def test_a_category_that_is_deleted_at_once_is_gone_or_has_the_product(boss: Person) -> None:
    product("MUG-01")
    body = {"name": "New", "price": wire("1.00 EUR"), "category": "travel"}
    for turn in range(ROUNDS):
        category("Travel")
        new = {**body, "sku": f"NEW-{turn}", "slug": f"new-{turn}"}
        requests: list[Send] = [
            partial(boss.delete, "/categories/travel"),
            partial(boss.post, "/products", new),
            partial(boss.patch, "/products/mug-01", {"category": "travel"}),
        ]
        answers = statuses(requests)
        is_there = Category.objects.filter(slug="travel").exists()
        assert answers[0] == (409 if is_there else 204)
        assert set(answers[1:]) <= ({200, 201, 422} if is_there else {422})
        Product.objects.filter(sku=new["sku"]).delete()
        Product.objects.update(category=category("Kitchen"))
