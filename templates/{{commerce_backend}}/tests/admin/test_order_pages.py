"""Orders in the admin: to look at, and to move by the same services as the API."""

from typing import Any

import pytest
from django.test import Client
from shop import (
    Person,
    assert_moved,
    browser_of,
    changed,
    fill,
    join,
    messages_of,
    order_of,
    ordered,
    payment_of,
    product,
    products,
    queued,
    report,
    snapshot,
    statements,
    stock_of,
)

from app.carts.models import Cart
from app.orders.lifecycle import Status
from app.orders.models import Order
from app.payments.provider import EventKind
from app.roles.services import Role

pytestmark = pytest.mark.django_db

LIST = "/admin/orders/order/"
MAY_NOT = "The order is {} and cannot become shipped"
WAYS = "it can become paid or cancelled"


@pytest.fixture
def ada() -> Person:
    product("MUG-01", "12.50 EUR", name="Blue mug", stock=50, tax_rate=19)
    return join("ada")


@pytest.fixture
def browser() -> Client:
    """The browser of an administrator."""
    return browser_of(join("anna", Role.ADMINISTRATOR))


def page(number: str) -> str:
    return f"{LIST}{order_of(number).pk}/change/"


def numbers(response: Any) -> list[str]:
    assert response.status_code == 200
    return [order.number for order in response.context["cl"].result_list]


def act(browser: Client, action: str, *chosen: str) -> Any:
    """Do something with the orders that are ticked."""
    pks = [order_of(number).pk for number in chosen]
    return browser.post(LIST, {"action": action, "_selected_action": pks}, follow=True)


def standing(person: Person, status: Status) -> str:
    """The number of an order that stands somewhere."""
    return ordered(person, status=status)


def test_the_list_has_the_newest_first_with_what_a_shopkeeper_looks_for(
    browser: Client, ada: Person
) -> None:
    old, new = (ada.buy("MUG-01")["number"] for _ in range(2))
    response = browser.get(LIST)
    assert numbers(response) == [new, old]
    text = response.content.decode()
    for shown in (old, "ada@example.com", "Pending", "€12.50"):
        assert shown in text


def test_the_list_is_narrowed_and_searched(browser: Client, ada: Person) -> None:
    product("POT-01", "34.00 EUR", stock=50)
    bob = join("bob")
    mug, pot = ada.buy("MUG-01")["number"], bob.buy("POT-01")["number"]
    reference = bob.pay(pot)
    Order.objects.filter(number=mug).update(recipient="Countess")
    queries = {
        "status__exact=paid": [pot],
        "status__exact=pending": [mug],
        "status__exact=shipped": [],
        f"q={mug}": [mug],
        "q=bob@example": [pot],
        "q=countess": [mug],
        "q=POT-01": [pot],
        f"q={reference}": [pot],
        "q=nothing": [],
    }
    found = {query: numbers(browser.get(f"{LIST}?{query}")) for query in queries}
    assert found == queries


def test_a_page_shows_all_that_is_known_of_an_order(browser: Client, ada: Person) -> None:
    ada.add("MUG-01", 2)
    number = ada.check_out()["number"]
    first = ada.start_payment(number)["reference"]
    report(first, EventKind.FAILED)
    second = ada.pay(number)
    act(browser, "ship", number)
    text = browser.get(page(number)).content.decode()
    for shown in (
        *(number, "Shipped", "ada@example.com", "€25.00", "€3.99"),
        *("Ada Lovelace", "Long Lane 1", "10115", "Berlin", "DE"),
        *("MUG-01", "Blue mug", "€12.50", "19.00"),
        *(first, second, "Failed", "Succeeded", f"payment {second}", "anna@example.com"),
    ):
        assert shown in text, shown


def test_a_page_has_nothing_to_write_in(browser: Client, ada: Person) -> None:
    number = ada.buy("MUG-01")["number"]
    response = browser.get(page(number))
    assert not response.context["has_change_permission"]
    assert list(response.context["adminform"].form.fields) == []
    before = snapshot()
    sent = {"status": "delivered", "email": "eve@example.com", "total_amount": "0"}
    assert browser.post(page(number), sent).status_code == 403
    assert snapshot() == before


@pytest.mark.parametrize("address", ["list", "search", "page"])
def test_much_takes_as_many_statements_as_little(
    browser: Client, ada: Person, address: str
) -> None:
    number = standing(ada, Status.DELIVERED)
    addresses = {"list": LIST, "search": f"{LIST}?q=ada&status__exact=delivered"}
    wanted = addresses.get(address) or page(number)
    browser.get(wanted)  # Django looks up the types of content once for each process
    few = statements(lambda: browser.get(wanted))
    if address == "page":
        skus = products(29, stock=5)
        ada.add(skus[0])
        fill(Cart.objects.get(), *skus[1:])
        number = ada.check_out()["number"]
        for _ in range(5):
            report(ada.start_payment(number)["reference"], EventKind.FAILED)
        ada.pay(number)
        act(browser, "ship", number)
        act(browser, "deliver", number)
        wanted = page(number)
    else:
        for name in ("bob", "carl", "dora"):
            person = join(name)
            for _ in range(5):
                standing(person, Status.DELIVERED)
    assert statements(lambda: browser.get(wanted)) == few <= 11


# What an action is called, what its message says, where it starts and where it leads.
ACTIONS = [
    ("ship", "shipped", Status.PAID, Status.SHIPPED),
    ("deliver", "marked as delivered", Status.SHIPPED, Status.DELIVERED),
    ("cancel", "cancelled", Status.PENDING, Status.CANCELLED),
    ("cancel", "cancelled", Status.PAID, Status.CANCELLED),
    ("refund", "refunded", Status.SHIPPED, Status.REFUNDED),
    ("refund", "refunded", Status.DELIVERED, Status.REFUNDED),
]


@pytest.mark.parametrize(("action", "words", "before", "after"), ACTIONS)
def test_orders_are_moved_and_it_is_recorded_who_did_it(
    browser: Client, ada: Person, action: str, words: str, before: Status, after: Status
) -> None:
    chosen = [standing(ada, before) for _ in range(2)]
    left = standing(ada, before)
    response = act(browser, action, *chosen)
    assert messages_of(response) == [("success", f"2 {words}.")]
    assert [order_of(number).status for number in (*chosen, left)] == [after, after, before]
    for number in chosen:
        assert_moved(
            number,
            ("", Status.PENDING, "ada", ""),
            (before, after, "anna", ""),
        )


def test_what_a_service_refuses_is_said_of_each_and_the_others_are_moved(
    browser: Client, ada: Person
) -> None:
    paid, pending, cancelled = (
        standing(ada, status) for status in (Status.PAID, Status.PENDING, Status.CANCELLED)
    )
    response = act(browser, "ship", paid, pending, cancelled)
    assert sorted(messages_of(response)) == sorted(
        [
            ("success", "1 shipped."),
            ("error", f"{pending}: {MAY_NOT.format('pending')}: {WAYS}."),
            ("error", f"{cancelled}: {MAY_NOT.format('cancelled')}: that is its end."),
        ]
    )
    found = [order_of(number).status for number in (paid, pending, cancelled)]
    assert found == [Status.SHIPPED, Status.PENDING, Status.CANCELLED]


def test_cancelling_returns_the_stock_and_the_money(browser: Client, ada: Person) -> None:
    ada.add("MUG-01", 5)
    number = ada.check_out()["number"]
    reference = ada.pay(number)
    assert stock_of("MUG-01") == 45
    act(browser, "cancel", number)
    assert (stock_of("MUG-01"), payment_of(reference).status) == (50, "refund_requested")
    assert queued() == ["send_confirmation", "refund"]


def test_a_move_writes_what_it_writes_in_the_api(browser: Client, ada: Person) -> None:
    number = standing(ada, Status.PAID)
    before = snapshot()
    act(browser, "ship", number)
    tables = changed(before, snapshot()) - {"django_session"}
    assert tables == {"orders_order", "orders_statuschange"}


def offered(browser: Client) -> set[str]:
    form = browser.get(LIST).context["action_form"]
    return {name for name, _ in form.fields["action"].choices if name}


def test_support_is_offered_to_cancel_and_nothing_else(browser: Client, ada: Person) -> None:
    standing(ada, Status.PAID)
    support = browser_of(join("sam", Role.SUPPORT))
    assert offered(support) == {"cancel"}
    assert offered(browser) == {"cancel", "ship", "deliver", "refund"}


def test_an_action_that_is_not_offered_does_nothing(ada: Person) -> None:
    support = browser_of(join("sam", Role.SUPPORT))
    paid, shipped = standing(ada, Status.PAID), standing(ada, Status.SHIPPED)
    before = snapshot()
    for action, number in (("ship", paid), ("deliver", shipped), ("refund", shipped)):
        act(support, action, number)
        act(support, "delete_selected", number)
    assert changed(before, snapshot()) <= {"django_session"}
    response = act(support, "cancel", paid)
    assert messages_of(response) == [("success", "1 cancelled.")]


@pytest.mark.parametrize("role", [Role.MERCHANDISER, None])
def test_whoever_may_not_see_orders_moves_none(ada: Person, role: Role | None) -> None:
    person = join("mary", role) if role else ada
    number = standing(ada, Status.PAID)
    browser = browser_of(person)
    before = snapshot()
    act(browser, "cancel", number)
    act(browser, "ship", number)
    assert changed(before, snapshot()) <= {"django_session"}
