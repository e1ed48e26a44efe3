"""`python -m app tidy`: what has to be done every hour or so."""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from app.accounts.services import sessions_prune
from app.carts.services import carts_prune
from app.orders.services import confirmations_resend, orders_expire
from app.payments.refunds import refunds_repeat

logger = logging.getLogger(__name__)

PATIENCE = timedelta(hours=1)
"""So long the worker may try by itself before a mail is asked for once more."""


class Command(BaseCommand):
    """Cancel what was not paid, repeat what went wrong, forget what is old."""

    help = (
        "Cancel orders that were not paid in time, repeat mails and refunds that went wrong, and"
        " remove old sessions and anonymous carts. Run it every hour."
    )

    def handle(self, **_options: Any) -> None:
        """Do all of it. Each step is safe to repeat, and to run beside the shop.

        Raises:
            CommandError: A step failed; the others were done all the same.
        """
        steps: Mapping[str, Callable[[], int]] = {
            "unpaid orders cancelled": partial(orders_expire, unpaid_for=settings.PAYMENT_WINDOW),
            "confirmations asked for again": partial(confirmations_resend, unsent_for=PATIENCE),
            "refunds asked for again": refunds_repeat,
            "sessions removed": sessions_prune,
            "anonymous carts removed": partial(carts_prune, untouched_for=settings.CART_LIFETIME),
        }
        failed = []
        for what, step in steps.items():
            try:
                self.stdout.write(f"{what}: {step()}")
            except Exception:
                logger.exception("a step failed", extra={"step": what})
                failed.append(what)
        # Those of the admin.
        call_command("clearsessions")
        if failed:
            raise CommandError(f"Some steps failed, and the log says why: {', '.join(failed)}.")
