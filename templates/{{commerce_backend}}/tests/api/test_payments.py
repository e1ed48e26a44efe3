"""Payments: how they start, and what the provider's reports do, in whatever order they come."""

import logging
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from django.db import connection
from shop import (
    Person,
    assert_moved,
    changed,
    join,
    money,
    order_of,
    payment_of,
    product,
    queued,
    report,
    run_tasks,
    send_report,
    set_status,
    signed_report,
    snapshot,
    stock_of,
    took,
    wire,
)
from support import Response, assert_invalid, assert_problem

from app.money import Money
from app.orders.lifecycle import Status
from app.payments.fake import FakeProvider
from app.payments.models import Payment, PaymentEvent, PaymentStatus
from app.payments.provider import EventKind, Intent, provider
from app.payments.refunds import refunds_repeat
from app.roles.services import Role

pytestmark = pytest.mark.django_db

BELIEVED_BY_NOBODY = "The signature is missing, wrong, or older than five minutes."
UNKNOWN = (404, "payment_not_found", "There is no such payment.")
SUCCEEDED, FAILED, REFUNDED = EventKind.SUCCEEDED, EventKind.FAILED, EventKind.REFUNDED


@pytest.fixture
def ada() -> Person:
    product("MUG-01", "12.50 EUR", stock=10)
    return join("ada")


def status_of(reference: str) -> str:
    return payment_of(reference).status


def outcome(response: Response) -> str:
    body = took(response, 200)
    assert set(body) == {"outcome"}
    return str(body["outcome"])


def events() -> list[tuple[str, str]]:
    return [(event.kind, event.outcome) for event in PaymentEvent.objects.order_by("pk")]


class RecordingProvider(FakeProvider):
    """Remembers what it was asked; out of order, if it is told so."""

    asked: ClassVar[list[tuple[str, Any]]] = []
    is_broken: ClassVar[bool] = False

    def create(self, *, key: str, money: Money) -> Intent:
        self.asked.append(("create", key))
        return super().create(key=key, money=money)

    def refund(self, *, reference: str, money: Money) -> None:
        self.asked.append((reference, money))
        if type(self).is_broken:
            raise ConnectionError("the provider does not answer")


@pytest.fixture
def recording(settings: Any) -> Iterator[type[RecordingProvider]]:
    """The shop has another provider, by a line in its settings."""
    settings.PAYMENT_PROVIDER = f"{RecordingProvider.__module__}.RecordingProvider"
    RecordingProvider.asked.clear()
    RecordingProvider.is_broken = False
    provider.cache_clear()
    yield RecordingProvider
    provider.cache_clear()


def test_a_payment_is_over_what_the_order_costs(ada: Person) -> None:
    ada.add("MUG-01", 3)
    number = ada.check_out()["number"]
    before = snapshot()
    started = ada.start_payment(number)
    assert started == {
        "reference": started["reference"],
        "status": "pending",
        "amount": wire("37.50 EUR"),
        "url": f"https://pay.example/{started['reference']}",
    }
    assert changed(before, snapshot()) == {"payments_payment"}
    assert ada.status(number) == "pending"


def test_a_payment_that_is_started_twice_is_one(ada: Person) -> None:
    number = ada.buy("MUG-01")["number"]
    first = ada.start_payment(number)
    before = snapshot()
    assert ada.start_payment(number) == first
    assert snapshot() == before


def test_each_order_has_a_payment_of_its_own(ada: Person) -> None:
    started = [ada.start_payment(ada.buy("MUG-01")["number"]) for _ in range(3)]
    assert len({each["reference"] for each in started}) == 3


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.ADMINISTRATOR])
def test_only_the_customer_pays(ada: Person, role: Role) -> None:
    number = ada.buy("MUG-01")["number"]
    sam = join("sam", role)
    before = snapshot()
    assert_problem(
        sam.post(f"/orders/{number}/payment"),
        403,
        "permission_denied",
        "Only the customer pays for an order.",
    )
    assert snapshot() == before


@pytest.mark.parametrize("status", [status for status in Status if status != Status.PENDING])
def test_only_a_pending_order_can_be_paid(ada: Person, status: Status) -> None:
    number = ada.buy("MUG-01")["number"]
    set_status(number, status)
    before = snapshot()
    assert_problem(
        ada.post(f"/orders/{number}/payment"),
        409,
        "not_payable",
        f"The order is {status.value}; only a pending order can be paid.",
    )
    assert snapshot() == before


def test_a_report_of_success_makes_an_order_paid(ada: Person) -> None:
    number = ada.buy("MUG-01")["number"]
    reference = ada.start_payment(number)["reference"]
    before = snapshot()
    assert outcome(report(reference)) == "applied"
    assert changed(before, snapshot()) == {
        "orders_order",
        "orders_statuschange",
        "payments_payment",
        "payments_paymentevent",
    }
    assert (ada.status(number), status_of(reference)) == ("paid", "succeeded")
    assert_moved(
        number,
        ("", "pending", "ada", ""),
        ("pending", "paid", None, f"payment {reference}"),
    )


def test_a_report_that_comes_again_counts_once(ada: Person) -> None:
    number = ada.buy("MUG-01")["number"]
    body, headers = signed_report(ada.start_payment(number)["reference"])
    assert outcome(send_report(body, headers)) == "applied"
    before = snapshot()
    for _ in range(3):
        assert outcome(send_report(body, headers)) == "applied"
    assert snapshot() == before


def test_a_report_that_comes_again_after_the_order_has_gone_on_changes_nothing(
    ada: Person,
) -> None:
    number = ada.buy("MUG-01")["number"]
    body, headers = signed_report(ada.start_payment(number)["reference"])
    send_report(body, headers)
    boss = join("anna", Role.ADMINISTRATOR)
    boss.move(number, "ship")
    boss.move(number, "refund")
    before = snapshot()
    assert outcome(send_report(body, headers)) == "applied"
    assert snapshot() == before


def test_the_same_said_in_two_reports_counts_once(ada: Person) -> None:
    number = ada.buy("MUG-01")["number"]
    reference = ada.pay(number)
    before = snapshot()
    assert outcome(report(reference)) == "superseded"
    assert changed(before, snapshot()) == {"payments_paymentevent"}
    assert (ada.status(number), status_of(reference)) == ("paid", "succeeded")


# Reports in the order in which they come, their outcomes, and where that leaves payment and order.
ORDERS_OF_ARRIVAL: list[tuple[list[EventKind], list[str], str, str]] = [
    ([FAILED], ["applied"], "failed", "pending"),
    ([FAILED, FAILED], ["applied", "superseded"], "failed", "pending"),
    ([FAILED, SUCCEEDED], ["applied", "applied"], "succeeded", "paid"),
    ([SUCCEEDED, FAILED], ["applied", "superseded"], "succeeded", "paid"),
    ([SUCCEEDED, REFUNDED], ["applied", "applied"], "refunded", "cancelled"),
    (
        [SUCCEEDED, REFUNDED, REFUNDED],
        ["applied", "applied", "superseded"],
        "refunded",
        "cancelled",
    ),
    (
        [SUCCEEDED, REFUNDED, SUCCEEDED],
        ["applied", "applied", "superseded"],
        "refunded",
        "cancelled",
    ),
    ([SUCCEEDED, REFUNDED, FAILED], ["applied", "applied", "superseded"], "refunded", "cancelled"),
]


@pytest.mark.parametrize(("kinds", "outcomes", "payment", "order"), ORDERS_OF_ARRIVAL)
def test_a_payment_moves_forwards_only(
    ada: Person, kinds: list[EventKind], outcomes: list[str], payment: str, order: str
) -> None:
    number = ada.buy("MUG-01")["number"]
    reference = ada.start_payment(number)["reference"]
    assert [outcome(report(reference, kind)) for kind in kinds] == outcomes
    assert (status_of(reference), ada.status(number)) == (payment, order)
    assert events() == list(zip(kinds, outcomes, strict=True))


def test_after_a_failure_there_is_another_try(ada: Person) -> None:
    number = ada.buy("MUG-01")["number"]
    first = ada.start_payment(number)["reference"]
    report(first, FAILED)
    second = ada.start_payment(number)["reference"]
    assert second != first
    assert ada.start_payment(number)["reference"] == second
    assert outcome(report(second)) == "applied"
    assert ada.status(number) == "paid"


def test_who_pays_twice_gets_the_second_back(ada: Person) -> None:
    """The first try was reported as failed, and then succeeded after all."""
    number = ada.buy("MUG-01")["number"]
    first = ada.start_payment(number)["reference"]
    report(first, FAILED)
    second = ada.start_payment(number)["reference"]
    assert outcome(report(first)) == "applied"
    assert outcome(report(second)) == "applied"
    assert (ada.status(number), status_of(first)) == ("paid", "succeeded")
    assert status_of(second) == "refund_requested"
    assert queued() == ["send_confirmation", "refund"]
    run_tasks()
    assert (status_of(first), status_of(second)) == ("succeeded", "refunded")


def test_money_for_an_order_that_was_cancelled_is_given_back(
    ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    number = ada.buy("MUG-01")["number"]
    reference = ada.start_payment(number)["reference"]
    ada.move(number, "cancel")
    assert outcome(report(reference)) == "applied"
    assert (ada.status(number), status_of(reference)) == ("cancelled", "refund_requested")
    assert stock_of("MUG-01") == 10
    assert "paid too late, or twice" in caplog.messages
    run_tasks()
    assert (ada.status(number), status_of(reference)) == ("cancelled", "refunded")


@pytest.mark.parametrize("wrong", ["12.49 EUR", "12.51 EUR", "0.01 EUR", "12.50 USD"])
def test_another_amount_makes_nothing_paid_and_calls_for_a_look(
    ada: Person, caplog: pytest.LogCaptureFixture, wrong: str
) -> None:
    number = ada.buy("MUG-01")["number"]
    reference = ada.start_payment(number)["reference"]
    before = snapshot()
    assert outcome(report(reference, amount=money(wrong))) == "mismatch"
    assert changed(before, snapshot()) == {"payments_paymentevent"}
    (record,) = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert record.getMessage() == "a payment's amount is not the order's"
    assert (record.order, record.reference) == (number, reference)  # type: ignore[attr-defined]
    assert outcome(report(reference)) == "applied"
    assert ada.status(number) == "paid"


def test_a_report_about_an_unknown_payment_is_to_come_again(ada: Person) -> None:
    ada.buy("MUG-01")
    before = snapshot()
    assert_problem(report("fake_nowhere", amount=money("12.50 EUR")), *UNKNOWN)
    assert snapshot() == before


def test_a_report_that_was_faster_than_the_commit_counts_when_it_comes_again(ada: Person) -> None:
    number = ada.buy("MUG-01")["number"]
    intent = provider().create(key=f"{number}/0", money=money("12.50 EUR"))
    body, headers = signed_report(intent.reference, amount=money("12.50 EUR"))
    assert_problem(send_report(body, headers), *UNKNOWN)
    assert ada.start_payment(number)["reference"] == intent.reference
    assert outcome(send_report(body, headers)) == "applied"
    assert ada.status(number) == "paid"


def test_what_is_not_signed_by_the_provider_changes_nothing(ada: Person) -> None:
    number = ada.buy("MUG-01")["number"]
    reference = ada.start_payment(number)["reference"]
    body, headers = signed_report(reference)
    _, others = signed_report(reference, FAILED)
    before = snapshot()
    forgeries: list[tuple[bytes, dict[str, str]]] = [
        (body, {}),
        (b"", headers),
        (b"{}", headers),
        (body + b" ", headers),
        (body.replace(b"12.50", b"99.99"), headers),
        (body, others),
        (body, {**headers, "webhook-id": "evt_other"}),
        (body, {**headers, "webhook-timestamp": "0"}),
        (body, {**headers, "webhook-signature": "v1,AAAA"}),
        (body, {**headers, "webhook-signature": "é"}),
        (b"\xff\xfe", headers),
    ]
    for forged, with_headers in forgeries:
        assert_invalid(send_report(forged, with_headers), ("", BELIEVED_BY_NOBODY))
    assert snapshot() == before
    assert outcome(send_report(body, headers)) == "applied"


def test_no_customer_can_say_that_they_have_paid(ada: Person) -> None:
    number = ada.buy("MUG-01")["number"]
    reference = ada.start_payment(number)["reference"]
    body, _ = signed_report(reference)
    for person in (ada, join("anna", Role.ADMINISTRATOR)):
        before = snapshot()
        response = person.request("POST", "/payments/webhook", body)
        assert_invalid(response, ("", BELIEVED_BY_NOBODY))
        assert snapshot() == before


def test_the_provider_need_not_sign_in_and_a_wrong_token_does_not_matter(ada: Person) -> None:
    number = ada.buy("MUG-01")["number"]
    body, headers = signed_report(ada.start_payment(number)["reference"])
    assert outcome(send_report(body, {**headers, "Authorization": "Bearer x"})) == "applied"


def test_a_report_of_another_provider_is_not_ours(ada: Person) -> None:
    number = ada.buy("MUG-01")["number"]
    reference = ada.start_payment(number)["reference"]
    Payment.objects.update(provider="other")
    assert_problem(report(reference), *UNKNOWN)


def test_a_refund_asks_the_provider_once_for_what_was_paid(
    ada: Person, recording: type[RecordingProvider]
) -> None:
    number = ada.buy("MUG-01")["number"]
    reference = ada.pay(number)
    ada.move(number, "cancel")
    recording.asked.clear()
    assert run_tasks() == ["SUCCESSFUL", "SUCCESSFUL"]
    assert refunds_repeat() == 0
    assert recording.asked == [(reference, money("12.50 EUR"))]
    assert status_of(reference) == "refunded"


def test_nothing_is_asked_for_again_that_the_provider_has_reported(
    ada: Person, recording: type[RecordingProvider]
) -> None:
    number = ada.buy("MUG-01")["number"]
    reference = ada.pay(number)
    ada.move(number, "cancel")
    assert outcome(report(reference, REFUNDED)) == "applied"
    recording.asked.clear()
    run_tasks()
    assert recording.asked == []
    assert status_of(reference) == "refunded"


def test_a_refund_that_went_wrong_is_asked_for_again(
    ada: Person, recording: type[RecordingProvider]
) -> None:
    number = ada.buy("MUG-01")["number"]
    reference = ada.pay(number)
    ada.move(number, "cancel")
    recording.is_broken = True
    assert run_tasks() == ["SUCCESSFUL", "FAILED"]
    assert (ada.status(number), status_of(reference)) == ("cancelled", "refund_requested")
    recording.is_broken = False
    assert refunds_repeat() == 1
    assert run_tasks() == ["SUCCESSFUL"]
    assert status_of(reference) == "refunded"


def test_what_was_paid_to_another_provider_is_not_asked_of_this_one(
    ada: Person, recording: type[RecordingProvider], caplog: pytest.LogCaptureFixture
) -> None:
    number = ada.buy("MUG-01")["number"]
    reference = ada.pay(number)
    Payment.objects.update(provider="other")
    ada.move(number, "cancel")
    recording.asked.clear()
    assert run_tasks() == ["SUCCESSFUL", "FAILED"]
    assert f"LookupError: {reference} was made with other: refund it there" in caplog.text
    assert (recording.asked, status_of(reference)) == ([], "refund_requested")


def test_unpaid_orders_are_cancelled_without_asking_for_a_refund(
    ada: Person, recording: type[RecordingProvider]
) -> None:
    number = ada.buy("MUG-01")["number"]
    ada.start_payment(number)
    ada.move(number, "cancel")
    assert queued() == ["send_confirmation"]
    assert [name for name, _ in recording.asked] == ["create"]


def test_a_failed_payment_costs_nothing_when_an_order_is_cancelled(ada: Person) -> None:
    number = ada.buy("MUG-01")["number"]
    reference = ada.start_payment(number)["reference"]
    report(reference, FAILED)
    ada.move(number, "cancel")
    assert (status_of(reference), queued()) == ("failed", ["send_confirmation"])


def test_the_provider_is_never_asked_within_a_transaction(
    ada: Person, recording: type[RecordingProvider], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A test has a transaction of its own, so what counts is how deep one is beyond that."""
    outside = len(connection.savepoint_ids)
    depths: list[int] = []

    def create(self: RecordingProvider, *, key: str, money: Money) -> Intent:
        depths.append(len(connection.savepoint_ids))
        return FakeProvider.create(self, key=key, money=money)

    def refund(self: RecordingProvider, *, reference: str, money: Money) -> None:
        del self, reference, money
        depths.append(len(connection.savepoint_ids))

    monkeypatch.setattr(recording, "create", create)
    monkeypatch.setattr(recording, "refund", refund)
    number = ada.buy("MUG-01")["number"]
    ada.pay(number)
    ada.move(number, "cancel")
    run_tasks()
    assert depths == [outside, outside]
    assert order_of(number).payments.get().status == PaymentStatus.REFUNDED
