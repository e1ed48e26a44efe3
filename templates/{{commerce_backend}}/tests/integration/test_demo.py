"""`python -m app seed`: a shop to look at, the same each time, in a new database alone."""

from collections import Counter
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.utils.timezone import now
from shop import (
    Person,
    category,
    join,
    product,
    queued,
    signed_in,
    sizes,
    snapshot,
    undone,
)
from support import Api, member

from app.accounts.models import User
from app.catalogue.models import Product
from app.demo import filling
from app.money import total
from app.orders.lifecycle import MOVES, Status
from app.orders.models import Order
from app.payments.models import Payment, PaymentStatus

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def development(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command asks the environment where it is."""
    monkeypatch.setenv("ENVIRONMENT", "development")


def seed(*arguments: str) -> list[str]:
    output = StringIO()
    call_command("seed", *arguments, stdout=output)
    return output.getvalue().splitlines()


def test_it_writes_what_was_asked_for_and_says_who_can_sign_in() -> None:
    assert seed("--products", "7", "--orders", "5") == [
        "Made 7 products and 5 orders. Sign in with:",
        "  demo@example.com  demo-password",
        "  support@example.com  demo-password",
        "  merchandiser@example.com  demo-password",
        "  administrator@example.com  demo-password",
    ]
    found = sizes(snapshot())
    assert {
        name: found[name]
        for name in ("accounts_user", "catalogue_category", "catalogue_product", "orders_order")
    } == {"accounts_user": 8, "catalogue_category": 4, "catalogue_product": 7, "orders_order": 5}


def test_everybody_it_names_can_sign_in_and_may_what_their_role_may() -> None:
    seed("--products", "3", "--orders", "1")
    for email in (filling.DEMO, *filling.STAFF):
        assert Api().sign_in(email, filling.PASSWORD).is_signed_in()
    groups = {
        user.email: [group.name for group in user.groups.all()] for user in User.objects.all()
    }
    assert {email: names for email, names in groups.items() if names} == {
        "support@example.com": ["support"],
        "merchandiser@example.com": ["merchandiser"],
        "administrator@example.com": ["administrator"],
    }


def test_again_it_changes_nothing() -> None:
    seed("--products", "3", "--orders", "2")
    before = snapshot()
    assert seed() == ["The demo is there already. Nothing was changed."]
    assert snapshot() == before


@pytest.mark.parametrize("thing", ["user", "product", "category"])
def test_what_is_in_the_database_is_not_touched(thing: str) -> None:
    if thing == "user":
        member()
    elif thing == "product":
        product()
    else:
        category()
    before = snapshot()
    with pytest.raises(CommandError) as caught:
        seed()
    assert str(caught.value) == (
        "The database has users or products of its own. Seed a new one, before anything else is"
        " in it."
    )
    assert snapshot() == before


def test_without_the_groups_it_says_so_and_writes_nothing() -> None:
    Group.objects.all().delete()
    before = snapshot()
    with pytest.raises(CommandError, match="There is no group support"):
        seed()
    assert snapshot() == before


def test_it_has_no_place_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("SECRET_KEY", "x" * 50)
    before = snapshot()
    with pytest.raises(CommandError) as caught:
        seed()
    assert str(caught.value) == "The demo's password is public, so it has no place in production."
    assert snapshot() == before


@pytest.mark.parametrize(
    ("option", "number", "most"),
    [
        ("--products", "0", "10000"),
        ("--products", "10001", "10000"),
        ("--orders", "0", "100000"),
        ("--orders", "100001", "100000"),
        ("--orders", "-1", "100000"),
        ("--orders", "many", "100000"),
    ],
)
def test_impossible_numbers_are_refused(option: str, number: str, most: str) -> None:
    with pytest.raises(CommandError, match=f"give a number from 1 to {most}"):
        seed(f"{option}={number}")


def test_when_it_fails_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    before = snapshot()

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(filling, "_history", fail)
    with pytest.raises(RuntimeError):
        seed("--products", "3", "--orders", "2")
    assert snapshot() == before


def pages() -> list[Any]:
    """What visitors and customers of the demo see, without what is drawn by lot, and times."""
    demo = signed_in(User.objects.get(email=filling.DEMO))
    found = [
        person.get(path).json()
        for person, path in (
            (Person(), "/categories"),
            (Person(), "/products?limit=100"),
            (demo, "/cart"),
            (demo, "/orders?limit=100"),
        )
    ]
    return [
        without(page, {"created_at", "updated_at", "placed_at", "at", "number"}) for page in found
    ]


def without(value: Any, names: set[str]) -> Any:
    if isinstance(value, dict):
        return {key: without(inner, names) for key, inner in value.items() if key not in names}
    return [without(inner, names) for inner in value] if isinstance(value, list) else value


def test_the_demo_is_the_same_each_time() -> None:
    seen = []
    for _ in range(2):
        with undone():
            list(filling.fill(products=30, orders=40))
            seen.append(pages())
    assert seen[0] == seen[1]
    assert len(seen[0][1]["results"]) == 29
    assert seen[0][2]["quantity"] == 3


def test_its_orders_are_as_real_ones_would_be() -> None:
    list(filling.fill(products=60, orders=200))
    assert queued() == []
    for order in Order.objects.prefetch_related("lines", "changes", "payments"):
        lines, changes = list(order.lines.all()), list(order.changes.all())
        assert total((line.total for line in lines), "EUR") == order.total
        assert total((line.tax for line in lines), "EUR") == order.tax
        assert [line.unit_price * line.quantity for line in lines] == [line.total for line in lines]
        ways = [(change.before, change.after) for change in changes]
        assert ways[0] == ("", Status.PENDING)
        assert ways[-1][1] == order.status
        assert all(Status(after) in MOVES[Status(before)] for before, after in ways[1:])
        times = [change.at for change in changes]
        assert times == sorted(times)
        assert order.placed_at == times[0]
        assert times[-1] <= now()
        paid = [payment for payment in order.payments.all() if payment.status != "pending"]
        assert len(paid) == (order.status not in {Status.PENDING, Status.CANCELLED})
    counted = Counter(Order.objects.values_list("status", flat=True))
    assert all(counted[status] for status in Status if status is not Status.PENDING)
    assert set(Payment.objects.values_list("status", flat=True)) == {
        PaymentStatus.SUCCEEDED,
        PaymentStatus.REFUNDED,
    }


def test_names_never_repeat_however_many_there_are() -> None:
    list(filling.fill(products=500, orders=1))
    for name in ("sku", "slug", "name"):
        assert len(set(Product.objects.values_list(name, flat=True))) == 500
    for made in Product.objects.order_by("-pk")[:20]:
        made.full_clean()


def test_what_nobody_may_buy_is_seen_by_who_edits_the_catalogue() -> None:
    seed("--products", "5", "--orders", "1")
    merchandiser = signed_in(User.objects.get(email="merchandiser@example.com"))
    assert len(merchandiser.products()) == len(Person().products()) + 1 == 5
    assert len(join("eve").products()) == 4
