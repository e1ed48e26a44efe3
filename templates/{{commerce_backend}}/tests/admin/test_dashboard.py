"""The dashboard: its figures are those of the orders, to the last digit."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now
from shop import (
    Person,
    browser_of,
    join,
    money,
    ordered,
    product,
    snapshot,
    statements,
)

from app.dashboard.selectors import sales_by_day, scarce, waiting
from app.orders.lifecycle import Status
from app.roles.services import Role

pytestmark = pytest.mark.django_db

PAGE = "/admin/dashboard/"
LAST = date(2026, 3, 1)


@pytest.fixture
def ada() -> Person:
    product("MUG-01", "0.10 EUR", stock=1000)
    product("YEN-01", "1200 JPY", stock=1000)
    return join("ada")


@pytest.fixture
def browser() -> Client:
    """The browser of somebody who may see orders, and nothing else."""
    return browser_of(join("sam", Role.SUPPORT))


def sold(
    person: Person,
    day: date,
    sku: str = "MUG-01",
    *,
    status: Status = Status.DELIVERED,
    at: time = time(12),
    quantity: int = 1,
) -> None:
    """An order of some day, that stands somewhere by now."""
    moment = datetime.combine(day, at, UTC)
    ordered(person, sku, quantity=quantity, status=status, at=moment)


def figures(currency: str, days: int) -> list[tuple[int, int, Decimal]]:
    """For each day of the month that has any: how many orders, and how much."""
    sales = sales_by_day(currency=currency, last=LAST, days=days)
    assert [day.day for day in sales.days] == [
        LAST - timedelta(days=days - 1 - number) for number in range(days)
    ]
    assert sales.currency == currency
    assert sales.total == sum((day.sales for day in sales.days), start=money(f"0 {currency}"))
    assert sales.orders == sum(day.orders for day in sales.days)
    return [(day.day.day, day.orders, day.sales.amount) for day in sales.days if day.orders]


def test_each_day_has_what_was_sold_on_it(ada: Person) -> None:
    for quantity in (1, 2):
        sold(ada, LAST, quantity=quantity)
    sold(ada, LAST - timedelta(days=2), quantity=99)
    assert figures("EUR", 7) == [(27, 1, Decimal("9.90")), (1, 2, Decimal("0.30"))]
    assert figures("EUR", 2) == [(1, 2, Decimal("0.30"))]


def test_a_day_is_one_of_utc_from_midnight_to_midnight(ada: Person) -> None:
    yesterday = LAST - timedelta(days=1)
    sold(ada, LAST, at=time(0, 0, 0))
    sold(ada, LAST, at=time(23, 59, 59, 999_999))
    sold(ada, yesterday, at=time(23, 59, 59, 999_999))
    sold(ada, LAST + timedelta(days=1), at=time(0, 0, 0))
    sold(ada, LAST - timedelta(days=2), at=time(23, 59, 59, 999_999))
    assert figures("EUR", 2) == [(28, 1, Decimal("0.10")), (1, 2, Decimal("0.20"))]


def test_only_money_that_the_shop_has_and_keeps_is_counted(ada: Person) -> None:
    for status in Status:
        sold(ada, LAST, status=status, quantity=10)
    assert figures("EUR", 1) == [(1, 3, Decimal("3.00"))]


def test_each_currency_is_counted_by_itself(ada: Person) -> None:
    sold(ada, LAST, "MUG-01", quantity=3)
    sold(ada, LAST, "YEN-01", quantity=2)
    assert figures("EUR", 1) == [(1, 1, Decimal("0.30"))]
    assert figures("JPY", 1) == [(1, 1, Decimal(2400))]
    assert figures("USD", 1) == []


def test_a_sum_of_many_is_exact(ada: Person) -> None:
    """0.1 + 0.1 + 0.1 is not 0.3 in floating point, which SQLite has for decimals."""
    product("DEAR-01", "99999999999.99 EUR", stock=10)
    for _ in range(30):
        sold(ada, LAST)
    sold(ada, LAST, "DEAR-01")
    assert figures("EUR", 1) == [(1, 31, Decimal("100000000002.99"))]


def test_without_orders_there_are_days_without_sales() -> None:
    sales = sales_by_day(currency="EUR", last=LAST, days=30)
    assert {(day.orders, day.sales) for day in sales.days} == {(0, money("0 EUR"))}
    assert len(sales.days) == 30


def test_what_waits_is_counted(ada: Person) -> None:
    for status, count in ((Status.PENDING, 2), (Status.PAID, 3), (Status.SHIPPED, 1)):
        for _ in range(count):
            sold(ada, LAST, status=status)
    assert waiting() == {"unpaid": 2, "to_ship": 3}


def test_nothing_waits_where_there_is_nothing() -> None:
    assert waiting() == {"unpaid": 0, "to_ship": 0}


def test_products_for_sale_of_which_there_are_few_are_named_the_fewest_first() -> None:
    for sku, stock in (("FIVE", 5), ("NONE", 0), ("SIX", 6), ("TWO", 2), ("ALSO-TWO", 2)):
        product(sku, stock=stock)
    product("OLD", stock=0, is_active=False)
    found = [each.sku for each in scarce(at_most=5, limit=10)]
    assert found == ["NONE", "ALSO-TWO", "TWO", "FIVE"]
    assert [each.sku for each in scarce(at_most=5, limit=2)] == found[:2]


def shown(browser: Client, query: str = "") -> Any:
    """What a page was made from."""
    response = browser.get(PAGE + query)
    assert response.status_code == 200
    return response.context


def test_the_page_shows_thirty_days_up_to_today(browser: Client, ada: Person) -> None:
    today = now().date()
    sold(ada, today, quantity=12)
    sold(ada, today - timedelta(days=29), quantity=3)
    sold(ada, today - timedelta(days=30), quantity=99)
    sold(ada, today, status=Status.PAID)
    before = snapshot()
    page = shown(browser)
    assert snapshot() == before
    assert [bar.day.day for bar in page["chart"].bars] == [
        today - timedelta(days=29 - number) for number in range(30)
    ]
    assert (page["sales"].total, page["sales"].orders) == (money("1.60 EUR"), 3)
    text = browser.get(PAGE).content.decode()
    assert text.count("<rect class=") == text.count('<th scope="row">') == 30
    written = f"{today.day} {today:%b %Y}"
    assert f"<title>{written}: €1.30, 2 orders</title>" in text
    assert f'<th scope="row">{written}</th><td>2</td><td>€1.30</td>' in text
    assert '<strong id="sales-total">€1.60</strong>' in text
    assert '<strong id="to-ship">1</strong>' in text
    assert '<strong id="unpaid">0</strong>' in text


@pytest.mark.parametrize(
    ("query", "currency", "days"),
    [
        ("", "EUR", 30),
        ("?days=7", "EUR", 7),
        ("?days=90&currency=JPY", "JPY", 90),
        ("?currency=USD", "EUR", 30),  # nothing was sold in it
        ("?currency=eur&days=8", "EUR", 30),
        ("?days=0", "EUR", 30),
        ("?days=-7&currency=", "EUR", 30),
        ("?days=\u0667&currency=%00", "EUR", 30),
        ("?days=7&days=90", "EUR", 90),
        ("?unknown=1", "EUR", 30),
    ],
)
def test_period_and_currency_are_chosen_and_nonsense_is_the_usual(
    browser: Client, ada: Person, query: str, currency: str, days: int
) -> None:
    for sku in ("MUG-01", "YEN-01"):
        sold(ada, now().date(), sku)
    page = shown(browser, query)
    assert (page["currency"], page["days"]) == (currency, days)
    assert page["currencies"] == ["EUR", "JPY"]
    assert len(page["chart"].bars) == days


def test_before_the_first_order_it_says_so(browser: Client) -> None:
    page = shown(browser)
    assert (page["chart"], page["sales"], page["currency"]) == (None, None, None)
    text = browser.get(PAGE).content.decode()
    assert "Nothing has been sold yet." in text
    assert "There is enough of everything." in text
    assert 'class="chart"' not in text


def test_names_of_products_are_text_and_nothing_else(browser: Client, ada: Person) -> None:
    product("EVIL-01", name="<script>alert(1)</script>", stock=0)
    sold(ada, now().date())
    text = browser.get(PAGE).content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_it_takes_as_many_statements_for_many_orders_as_for_one(
    browser: Client, ada: Person
) -> None:
    sold(ada, now().date())
    browser.get(PAGE)
    few = statements(lambda: browser.get(PAGE))
    for days in range(20):
        sold(ada, now().date() - timedelta(days=days))
        product(f"P-{days}", stock=0)
    assert statements(lambda: browser.get(PAGE)) == few
    assert few <= 13


def test_it_needs_no_script_and_can_be_read_by_a_machine(browser: Client, ada: Person) -> None:
    sold(ada, now().date())
    response = browser.get(PAGE)
    content = response.content.decode().partition('id="content-main"')[2].partition("<footer")[0]
    assert "<script" not in content
    assert "style=" not in content
    assert 'role="img"' in content
    policy = response.headers["content-security-policy"]
    assert "script-src" not in policy
    assert "'unsafe-inline'" not in policy
