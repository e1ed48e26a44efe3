"""The confirmation of an order: one mail for each that was kept, and none for any other."""

import smtplib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.utils.timezone import now
from django_tasks_db.models import DBTaskResult
from shop import (
    CHECKOUT,
    Person,
    at_once,
    join,
    order_of,
    product,
    queued,
    run_tasks,
    set_status,
    snapshot,
    stock_of,
)

from app.core.worker import Worker
from app.orders.lifecycle import Status
from app.orders.models import Order
from app.orders.services import confirmations_resend
from app.orders.tasks import send_confirmation

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Person:
    product("MUG-01", "12.50 EUR", name="Blue mug & <saucer>", tax_rate=19)
    product("TEA-01", "3.99 EUR", name="Tea", tax_rate=7)
    return join("ada")


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The mail server is down until this is called."""

    def send(*_: Any, **__: Any) -> int:
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", send)
    return monkeypatch.undo


def test_the_mail_has_what_was_ordered(ada: Person, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "shop@example.com"
    ada.add("MUG-01", 2)
    ada.add("TEA-01", 1)
    number = ada.check_out()["number"]
    assert mail.outbox == []
    assert run_tasks() == ["SUCCESSFUL"]
    (message,) = mail.outbox
    assert (message.subject, message.from_email, message.to) == (
        f"Your order {number}",
        "shop@example.com",
        ["ada@example.com"],
    )
    assert message.body == (
        f"Thank you for your order {number}.\n"
        "\n"
        "2 x Blue mug & <saucer>: €25.00\n"
        "1 x Tea: €3.99\n"
        "\n"
        "Total: €28.99, of which €4.25 is tax.\n"
        "\n"
        "We send it as soon as it is paid.\n"
        "\n"
    )


def test_the_task_that_runs_twice_sends_one(ada: Person) -> None:
    order = order_of(ada.buy("MUG-01")["number"])
    for _ in range(2):
        send_confirmation.call(order.pk)
    assert len(mail.outbox) == 1
    order.refresh_from_db()
    assert order.confirmation_sent_at
    assert now() - order.confirmation_sent_at < timedelta(minutes=5)


def test_a_repeated_checkout_asks_for_no_second_mail(ada: Person) -> None:
    ada.add("MUG-01")
    for _ in range(3):
        ada.check_out("k1")
    assert queued() == ["send_confirmation"]
    run_tasks()
    assert len(mail.outbox) == 1


def test_a_checkout_that_is_refused_asks_for_none(ada: Person) -> None:
    ada.add("MUG-01", 99)
    assert ada.post("/orders", CHECKOUT, idempotency_key="k1").status_code == 409
    assert queued() == []


@pytest.mark.django_db(transaction=True)
def test_a_checkout_that_fails_after_asking_for_it_leaves_nothing(
    ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada.add("MUG-01", 2)
    before = snapshot()
    kind = type(send_confirmation)
    enqueue, asked = kind.enqueue, []

    def enqueue_and_fail(task: Any, order_id: int) -> None:
        enqueue(task, order_id)
        asked.append(DBTaskResult.objects.count())
        raise RuntimeError("the power is gone")

    with monkeypatch.context() as patch:
        patch.setattr(kind, "enqueue", enqueue_and_fail)
        assert ada.post("/orders", CHECKOUT, idempotency_key="k1").status_code == 500
    assert asked == [1]
    assert snapshot() == before
    assert (stock_of("MUG-01"), ada.in_cart()) == (10, {"MUG-01": 2})
    ada.check_out("k1")


@pytest.mark.django_db(transaction=True)
def test_a_worker_does_not_see_the_task_before_the_order_is_kept(ada: Person) -> None:
    ada.add("MUG-01")
    with transaction.atomic():
        ada.check_out()
        # Another connection, as that of the worker, has nothing to do.
        assert at_once([DBTaskResult.objects.count]) == [0]
    assert at_once([DBTaskResult.objects.count]) == [1]


def test_when_the_mail_server_is_down_the_mail_is_sent_later(
    ada: Person, broken: Callable[[], None]
) -> None:
    number = ada.buy("MUG-01")["number"]
    assert run_tasks() == ["FAILED"]
    assert order_of(number).confirmation_sent_at is None
    broken()
    Order.objects.update(placed_at=now() - timedelta(hours=1))
    assert confirmations_resend(unsent_for=timedelta(minutes=10)) == 1
    assert run_tasks() == ["SUCCESSFUL"]
    assert len(mail.outbox) == 1
    assert confirmations_resend(unsent_for=timedelta(minutes=10)) == 0


def test_as_long_as_mails_wait_none_is_asked_for_again(ada: Person) -> None:
    ada.buy("MUG-01")
    Order.objects.update(placed_at=now() - timedelta(hours=1))
    assert confirmations_resend(unsent_for=timedelta(minutes=10)) == 0
    assert queued() == ["send_confirmation"]


@pytest.mark.django_db(transaction=True)
def test_the_worker_sends_it_and_tries_again_by_itself(
    ada: Person, broken: Callable[[], None]
) -> None:
    ada.buy("MUG-01")
    Worker().run(until_done=True)
    assert mail.outbox == []
    broken()
    DBTaskResult.objects.update(run_after=now())
    Worker().run(until_done=True)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("age", "status", "is_sent", "count"),
    [
        (timedelta(minutes=9), Status.PENDING, False, 0),  # the worker may be at it
        (timedelta(minutes=11), Status.PENDING, False, 1),
        (timedelta(hours=23), Status.DELIVERED, False, 1),
        (timedelta(hours=25), Status.PENDING, False, 0),  # nobody waits for it any more
        (timedelta(minutes=11), Status.CANCELLED, False, 0),
        (timedelta(minutes=11), Status.PENDING, True, 0),
    ],
)
def test_mails_that_somebody_may_wait_for_are_asked_for_again(
    ada: Person, age: timedelta, status: Status, is_sent: bool, count: int
) -> None:
    number = ada.buy("MUG-01")["number"]
    set_status(number, status)
    sent = now() if is_sent else None
    Order.objects.update(placed_at=now() - age, confirmation_sent_at=sent)
    DBTaskResult.objects.all().delete()
    assert confirmations_resend(unsent_for=timedelta(minutes=10)) == count
    assert queued() == ["send_confirmation"] * count
