"""`python -m app pay NUMBER`: be the fake provider, and report to a running shop."""

import http.client
from argparse import ArgumentParser
from http import HTTPStatus

from django.core.management.base import BaseCommand, CommandError

from app.core.settings import Settings, load_settings
from app.payments.fake import FakeProvider
from app.payments.models import Payment
from app.payments.provider import EventKind

PATH = "/api/payments/webhook"


class Command(BaseCommand):
    """Report that an order was paid, or that it was not."""

    help = "Be the fake payment provider: report to the running shop that an order was paid."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take which order, and what became of its payment."""
        parser.add_argument("number", help="the order's number")
        parser.add_argument("--failed", action="store_true", help="report that it was not paid")

    def handle(self, *, number: str, failed: bool, **_options: object) -> None:
        """Send a signed report, as a provider's server would."""
        payment = Payment.objects.filter(order__number=number, provider="fake").last()
        if payment is None:
            raise CommandError(
                f"No payment of an order {number} has been started. The customer starts it:"
                f" POST /api/orders/{number}/payment"
            )
        kind = EventKind.FAILED if failed else EventKind.SUCCEEDED
        body, headers = FakeProvider().report(
            kind, reference=payment.reference, money=payment.money
        )
        status, answer = self._send(body, headers)
        if status != HTTPStatus.OK:
            raise CommandError(f"The shop answered {status}: {answer}")
        payment.refresh_from_db()
        self.stdout.write(f"The payment of {number} is now: {payment.status}")

    def _send(self, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        settings = load_settings()
        # A server that listens everywhere is reached here.
        host = "127.0.0.1" if settings.host == "0.0.0.0" else settings.host  # noqa: S104
        connection = http.client.HTTPConnection(host, settings.port, timeout=20)
        try:
            # As a proxy in front would say, which takes HTTPS from outside under our name.
            named = {"Host": _name(settings), "X-Forwarded-Proto": "https"}
            connection.request("POST", PATH, body, {**headers, **named})
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        except OSError as error:
            raise CommandError(
                f"The shop does not answer at {host}:{settings.port} ({error})."
                " Start it with: python -m app serve"
            ) from None
        finally:
            connection.close()


def _name(settings: Settings) -> str:
    """A name that the shop answers to; it may answer to all, or to all below one."""
    name = settings.allowed_hosts[0]
    return "localhost" if name == "*" else name.lstrip(".")
