"""`python -m app pay`: being the payment provider, which reports to a shop that runs."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from databases import connected
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings
from processes import free_port, serving
from pytest_django import DjangoDbBlocker
from shop import Person, join, order_of, product, set_status

from app.orders.lifecycle import Status
from app.payments.models import PaymentEvent


@pytest.fixture
def shop_url(migrated_url: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The URL of a database that this test and a server use together."""
    with django_db_blocker.unblock(), connected(migrated_url):
        yield migrated_url


@pytest.fixture
def ada() -> Person:
    product("MUG-01", "12.50 EUR")
    return join("ada")


def pay(*arguments: str) -> str:
    output = StringIO()
    call_command("pay", *arguments, stdout=output)
    return output.getvalue()


def test_a_shop_that_runs_believes_it(
    shop_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    product("MUG-01", "12.50 EUR")
    ada = join("ada")
    number, failed, late, other = (ada.buy("MUG-01")["number"] for _ in range(4))
    for each in (number, failed, late, other):
        ada.start_payment(each)
    with serving(
        tmp_path,
        DATABASE_URL=shop_url,
        SECRET_KEY=settings.SECRET_KEY,
        # As in production, a proxy in front takes HTTPS; the command asks from behind it.
        REDIRECT_TO_HTTPS="true",
    ) as server:
        monkeypatch.setenv("PORT", str(server.port))
        monkeypatch.setenv("HOST", "0.0.0.0")
        assert pay(number) == f"The payment of {number} is now: succeeded\n"
        assert pay(number) == f"The payment of {number} is now: succeeded\n"
        assert pay(failed, "--failed") == f"The payment of {failed} is now: failed\n"
        assert ada.start_payment(failed)["status"] == "pending"
        assert pay(failed) == f"The payment of {failed} is now: succeeded\n"
        set_status(late, Status.CANCELLED)
        assert pay(late) == f"The payment of {late} is now: refund_requested\n"
        with override_settings(SECRET_KEY="another"), pytest.raises(CommandError) as caught:
            pay(other)
    assert str(caught.value).startswith("The shop answered 400: {")
    assert [order_of(each).status for each in (number, failed, late)] == [
        Status.PAID,
        Status.PAID,
        Status.CANCELLED,
    ]
    assert list(PaymentEvent.objects.order_by("pk").values_list("kind", "outcome")) == [
        ("payment.succeeded", "applied"),
        ("payment.succeeded", "superseded"),
        ("payment.failed", "applied"),
        ("payment.succeeded", "applied"),
        ("payment.succeeded", "applied"),
    ]


@pytest.mark.django_db
def test_where_no_shop_runs_it_says_how_to_start_one(
    ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ada.buy("MUG-01")["number"]
    ada.start_payment(number)
    port = free_port()
    monkeypatch.setenv("PORT", str(port))
    with pytest.raises(CommandError) as caught:
        pay(number)
    message = str(caught.value)
    assert message.startswith(f"The shop does not answer at 127.0.0.1:{port} (")
    assert message.endswith(" Start it with: python -m app serve")


@pytest.mark.django_db
@pytest.mark.parametrize("is_there", [True, False])
def test_a_payment_has_to_be_started_first(ada: Person, is_there: bool) -> None:
    number = ada.buy("MUG-01")["number"] if is_there else "0000-0000-0000"
    with pytest.raises(CommandError) as caught:
        pay(number)
    assert str(caught.value) == (
        f"No payment of an order {number} has been started. The customer starts it:"
        f" POST /api/orders/{number}/payment"
    )
