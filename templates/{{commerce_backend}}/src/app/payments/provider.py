"""What the shop asks of a payment provider, and which one it has."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from http import HTTPStatus
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from app.core.errors import ApplicationError
from app.money import Money


class EventKind(StrEnum):
    """What a provider may report."""

    SUCCEEDED = "payment.succeeded"
    FAILED = "payment.failed"
    REFUNDED = "payment.refunded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A payment that a provider has been told of.

    Attributes:
        reference: The provider's name for it.
        url: Where the customer pays.
    """

    reference: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A provider's report, whose signature was right.

    Attributes:
        event_id: Its own name; a repeated report has the same.
        kind: What happened.
        reference: To which payment.
        money: How much.
    """

    event_id: str
    kind: EventKind
    reference: str
    money: Money


class WebhookRefusedError(Exception):
    """A report is not the provider's, too old, or makes no sense; the message says which."""


class ProviderUnavailableError(ApplicationError):
    """The provider does not answer. Nothing is wrong with the request; later it may do."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "provider_unavailable"

    def __init__(self) -> None:
        super().__init__(
            "The payment provider does not answer. Try again in a moment.",
            headers={"Retry-After": "5"},
        )


class Provider(Protocol):
    """A payment provider. Each call may take seconds, so none is made within a transaction."""

    name: str

    def create(self, *, key: str, money: Money) -> Intent:
        """Tell of a payment to come. The same key gives the same intent, however often.

        Raises:
            ProviderUnavailableError: The provider does not answer.
        """
        ...

    def refund(self, *, reference: str, money: Money) -> None:
        """Give the money back. It is given back once, as often as it is asked.

        Raises:
            ProviderUnavailableError: The provider does not answer.
        """
        ...

    def read_event(self, body: bytes, headers: Mapping[str, str]) -> Event:
        """Check a report's signature and age, and read it.

        Raises:
            WebhookRefusedError: It is not to be believed.
        """
        ...


@cache
def provider() -> Provider:
    """The provider that the setting PAYMENT_PROVIDER names."""
    made: Provider = import_string(settings.PAYMENT_PROVIDER)()
    return made
