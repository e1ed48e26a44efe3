"""`python -m app tidy`: what has to be done every hour or so."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from app.accounts.services import sessions_prune
from app.carts.services import carts_prune
from app.orders.services import confirmations_resend, orders_expire
from app.payments.refunds import refunds_repeat

PATIENCE = timedelta(minutes=10)
"""So long a task may take before it is asked for once more."""


class Command(BaseCommand):
    """Cancel what was not paid, forget old carts, repeat what went wrong."""

    help = (
        "Cancel orders that were not paid in time, forget old anonymous carts, repeat mails and"
        " refunds that went wrong, and remove old sessions and results of tasks. Run it every hour."
    )

    def handle(self, **_options: Any) -> None:
        """Do all of it. Each is safe to repeat, and to run beside the shop."""
        done = {
            "unpaid orders cancelled": orders_expire(unpaid_for=settings.PAYMENT_WINDOW),
            "anonymous carts removed": carts_prune(untouched_for=settings.CART_LIFETIME),
            "confirmations asked for again": confirmations_resend(unsent_for=PATIENCE),
            "refunds asked for again": refunds_repeat(),
            "sessions removed": sessions_prune(),
        }
        for what, count in done.items():
            self.stdout.write(f"{what}: {count}")
        # Those of the admin, and of tasks.
        call_command("clearsessions")
        call_command("prune_db_task_results", verbosity=0)
