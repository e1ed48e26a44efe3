"""A provider that is none: it takes no money, and behaves as a real one does.

Its reports are signed as Standard Webhooks has it (https://www.standardwebhooks.com), which many
real providers do too. Its key is derived from SECRET_KEY, so only who runs the shop can say that
something was paid: `python -m app pay`.
"""

import base64
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

from django.utils.crypto import salted_hmac
from moneyed import CurrencyDoesNotExist
from pydantic import BaseModel, Field, ValidationError
from standardwebhooks import Webhook, WebhookVerificationError

from app.money import AMOUNT, Money, plain
from app.payments.provider import Event, EventKind, Intent, WebhookRefusedError

_EVENT_ID = re.compile(r"[A-Za-z0-9_.-]{1,80}")
_SALT = "app.payments.fake"


class FakeProvider:
    """Keeps nothing: a payment's reference follows from its key."""

    name = "fake"

    def create(self, *, key: str, money: Money) -> Intent:
        """Make a reference. It cannot be guessed, as a real one could not."""
        del money
        reference = f"fake_{_digest(key).hex()[:32]}"
        return Intent(reference=reference, url=f"https://pay.example/{reference}")

    def refund(self, *, reference: str, money: Money) -> None:
        """Do nothing, as there was no money."""

    def read_event(self, body: bytes, headers: Mapping[str, str]) -> Event:
        """Check the signature, then read.

        Raises:
            WebhookRefusedError: The signature is missing, wrong or old, or the report is none.
        """
        try:
            _webhook().verify(body, dict(headers), json_parse=False)
        except (WebhookVerificationError, ValueError):
            # ValueError: headers or a body that cannot even be decoded.
            raise WebhookRefusedError(
                "The signature is missing, wrong, or older than five minutes."
            ) from None
        event_id = headers["webhook-id"]
        if not _EVENT_ID.fullmatch(event_id):
            raise WebhookRefusedError("The report has a name that none of ours has.")
        return _event(event_id, body)

    def report(
        self, kind: EventKind, *, reference: str, money: Money
    ) -> tuple[bytes, dict[str, str]]:
        """Make a report, as the provider's servers would send it: its body and its headers."""
        body = json.dumps(
            {
                "type": kind.value,
                "data": {
                    "reference": reference,
                    "amount": plain(money),
                    "currency": money.currency.code,
                },
            }
        )
        event_id, moment = f"evt_{uuid4().hex}", datetime.now(UTC)
        return body.encode(), {
            "Content-Type": "application/json",
            "webhook-id": event_id,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": _webhook().sign(event_id, moment, body),
        }


def _digest(value: str) -> bytes:
    return salted_hmac(_SALT, value, algorithm="sha256").digest()


def _webhook() -> Webhook:
    return Webhook(base64.b64encode(_digest("webhook")).decode())


class _Payment(BaseModel):
    reference: str = Field(pattern=r"^fake_[a-z0-9_]{1,64}$")
    amount: str = Field(pattern=AMOUNT)
    currency: str = Field(pattern="^[A-Z]{3}$")


class _Report(BaseModel):
    type: EventKind
    data: _Payment


def _event(event_id: str, body: bytes) -> Event:
    try:
        report = _Report.model_validate_json(body)
        money = Money(Decimal(report.data.amount), report.data.currency)
    except (ValidationError, CurrencyDoesNotExist):
        raise WebhookRefusedError("The report is signed, and none that is known here.") from None
    return Event(event_id=event_id, kind=report.type, reference=report.data.reference, money=money)
