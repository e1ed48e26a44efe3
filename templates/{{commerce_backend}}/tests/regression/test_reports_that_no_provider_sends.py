"""Reports with the right signature and a strange body were answered with 500.

A provider repeats what was answered so, for days.
"""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from shop import join, product, send_report, snapshot
from support import assert_problem

from app.payments import fake

pytestmark = pytest.mark.django_db

UNKNOWN = [("", "The report is signed, and none that is known here.")]
NAMELESS = [("", "The report has a name that none of ours has.")]


def send(body: str, event_id: str = "evt_1") -> Any:
    """Send a body with the right signature."""
    moment = datetime.now(UTC)
    return send_report(
        body.encode("utf-8", "surrogatepass"),
        {
            "webhook-id": event_id,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": fake._webhook().sign(event_id, moment, body),
        },
    )


@pytest.mark.parametrize(
    "changed",
    [
        *({"amount": value} for value in ("NaN", "sNaN", "1e999999", "-12.50", " 12.50 ", "1_0")),
        *({"amount": value} for value in (12.5, True, None, [0, [1, 2], -1], "\u0663", "")),
        *({"currency": value} for value in ("EURO", "eur", "XYZ", "", 7, None)),
        *({"reference": value} for value in ("fake_\0", "fake_" + "a" * 100, "", 7, None)),
    ],
    ids=repr,
)
def test_a_payment_that_makes_no_sense_is_refused(changed: dict[str, Any]) -> None:
    product("MUG-01")
    ada = join("ada")
    reference = ada.start_payment(ada.buy("MUG-01")["number"])["reference"]
    data = {"reference": reference, "amount": "12.50", "currency": "EUR", **changed}
    before = snapshot()
    response = send(json.dumps({"type": "payment.succeeded", "data": data}))
    assert_problem(response, 400, "invalid", response.json()["detail"], UNKNOWN)
    assert snapshot() == before


@pytest.mark.parametrize(
    "body",
    ["[]", "null", "{", '"text"', "{}", "[" * 5000 + "]" * 5000, '{"a":' * 5000 + "1" + "}" * 5000],
    ids=["list", "null", "half", "text", "empty", "lists", "objects"],
)
def test_a_body_that_makes_no_sense_is_refused(body: str) -> None:
    response = send(body)
    assert_problem(response, 400, "invalid", response.json()["detail"], UNKNOWN)


@pytest.mark.parametrize("event_id", ["e" * 81, "evt 1", "evt/1"])
def test_a_name_that_no_report_has_is_refused(event_id: str) -> None:
    response = send("{}", event_id)
    assert_problem(response, 400, "invalid", response.json()["detail"], NAMELESS)
