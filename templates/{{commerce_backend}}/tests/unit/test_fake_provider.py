"""The fake provider: its reports are signed, and nothing else is believed."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook

from app.money import Money
from app.payments import fake
from app.payments.fake import FakeProvider
from app.payments.provider import Event, EventKind, WebhookRefusedError

PAID = Money("12.50", "EUR")
REFUSED = "The signature is missing, wrong, or older than five minutes."
UNKNOWN = "The report is signed, and none that is known here."


def signed(body: str, *, event_id: str = "evt_1", age: timedelta = timedelta()) -> dict[str, str]:
    moment = datetime.now(UTC) - age
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": fake._webhook().sign(event_id, moment, body),
    }


def refusal(body: bytes, headers: Mapping[str, str]) -> str:
    with pytest.raises(WebhookRefusedError) as caught:
        FakeProvider().read_event(body, headers)
    return str(caught.value)


def test_the_same_key_gives_the_same_reference_and_another_key_another() -> None:
    provider = FakeProvider()
    first = provider.create(key="A/0", money=PAID)
    assert first == provider.create(key="A/0", money=PAID)
    assert first != provider.create(key="A/1", money=PAID)
    assert first.url == f"https://pay.example/{first.reference}"


def test_a_reference_cannot_be_guessed_from_the_key(settings: Any) -> None:
    first = FakeProvider().create(key="A/0", money=PAID)
    settings.SECRET_KEY = "another secret that only this test knows"
    assert FakeProvider().create(key="A/0", money=PAID) != first


@pytest.mark.parametrize("kind", EventKind)
@pytest.mark.parametrize("money", [PAID, Money("1200", "JPY"), Money("1.500", "KWD")])
def test_a_report_is_read_as_it_was_made(kind: EventKind, money: Money) -> None:
    body, headers = FakeProvider().report(kind, reference="fake_1", money=money)
    assert FakeProvider().read_event(body, headers) == Event(
        event_id=headers["webhook-id"], kind=kind, reference="fake_1", money=money
    )


def test_each_report_has_a_name_of_its_own() -> None:
    names = {
        FakeProvider().report(EventKind.FAILED, reference="x", money=PAID)[1]["webhook-id"]
        for _ in range(20)
    }
    assert len(names) == 20


def test_one_changed_byte_is_refused() -> None:
    body, headers = FakeProvider().report(EventKind.SUCCEEDED, reference="fake_1", money=PAID)
    for at in range(len(body)):
        changed = bytearray(body)
        changed[at] ^= 1
        assert refusal(bytes(changed), headers) == REFUSED


def test_a_report_whose_headers_are_not_its_own_is_refused() -> None:
    body, headers = FakeProvider().report(EventKind.SUCCEEDED, reference="fake_1", money=PAID)
    others: dict[str, dict[str, str]] = {
        "another id": {"webhook-id": "evt_2"},
        "another time": {"webhook-timestamp": str(int(headers["webhook-timestamp"]) + 1)},
        "no time": {"webhook-timestamp": "soon"},
        "an endless time": {"webhook-timestamp": "9" * 400},
        "no signature": {"webhook-signature": ""},
        "another version": {"webhook-signature": headers["webhook-signature"].replace("v1", "v2")},
        "no base64": {"webhook-signature": "v1,%%%"},
        "nothing after the version": {"webhook-signature": "v1"},
    }
    found = {name: refusal(body, {**headers, **changed}) for name, changed in others.items()}
    assert found == dict.fromkeys(others, REFUSED)
    for missing in ("webhook-id", "webhook-timestamp", "webhook-signature"):
        rest = {name: value for name, value in headers.items() if name != missing}
        assert refusal(body, rest) == REFUSED


def test_somebody_elses_signature_is_refused() -> None:
    body, headers = FakeProvider().report(EventKind.SUCCEEDED, reference="fake_1", money=PAID)
    moment = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    stranger = Webhook(base64.b64encode(b"somebody else").decode())
    forged = stranger.sign(headers["webhook-id"], moment, body.decode())
    assert refusal(body, {**headers, "webhook-signature": forged}) == REFUSED


@pytest.mark.parametrize(
    ("age", "is_believed"),
    [
        (timedelta(minutes=4, seconds=30), True),
        (timedelta(minutes=5, seconds=30), False),
        (timedelta(minutes=-4, seconds=-30), True),
        (timedelta(minutes=-5, seconds=-30), False),
    ],
)
def test_a_report_is_believed_within_five_minutes(age: timedelta, is_believed: bool) -> None:
    body, _ = FakeProvider().report(EventKind.SUCCEEDED, reference="fake_1", money=PAID)
    headers = signed(body.decode(), age=age)
    if is_believed:
        assert FakeProvider().read_event(body, headers).reference == "fake_1"
    else:
        assert refusal(body, headers) == REFUSED


DATA = {"reference": "fake_1", "amount": "12.50", "currency": "EUR"}


@pytest.mark.parametrize(
    "payload",
    [
        {},
        [],
        None,
        1,
        "text",
        {"type": "payment.succeeded"},
        {"type": "payment.succeeded", "data": None},
        {"type": "payment.succeeded", "data": []},
        {"type": "payment.celebrated", "data": DATA},
        {"type": ["payment.succeeded"], "data": DATA},
        {"type": {}, "data": DATA},
        {"data": DATA},
        {"type": "payment.succeeded", "data": {**DATA, "currency": "XYZ"}},
        {"type": "payment.succeeded", "data": {**DATA, "currency": []}},
        {"type": "payment.succeeded", "data": {**DATA, "amount": "much"}},
        {"type": "payment.succeeded", "data": {**DATA, "amount": None}},
        {"type": "payment.succeeded", "data": {**DATA, "amount": []}},
        {"type": "payment.succeeded", "data": {**DATA, "amount": {}}},
    ],
)
def test_a_signed_report_that_makes_no_sense_is_refused(payload: Any) -> None:
    body = json.dumps(payload)
    assert refusal(body.encode(), signed(body)) == UNKNOWN


def test_a_signed_body_that_is_no_json_is_refused() -> None:
    assert refusal(b"{", signed("{")) == UNKNOWN
    assert refusal(b"\xff", signed("x")) == REFUSED
