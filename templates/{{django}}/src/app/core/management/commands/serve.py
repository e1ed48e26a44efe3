"""`python -m app serve`."""

import logging
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections

from app.core.health import NOT_MIGRATED, readiness
from app.core.server import Server
from app.core.static_files import are_collected

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Serves, as in production."""

    help = "Serve. HOST and PORT say where; SIGTERM ends it once the requests in hand are answered."

    def handle(self, **_options: Any) -> None:
        """Serve until it is told to end."""
        if settings.IN_PRODUCTION and not are_collected():
            logger.warning(
                "static files are missing, so the admin has no styles:"
                " run `python -m app collectstatic --no-input` first"
            )
        if settings.IN_PRODUCTION and settings.SERVICE.email_url.get_secret_value() == "console:":
            logger.warning("e-mail goes to the log and to nobody: set EMAIL_URL")
        if readiness() == NOT_MIGRATED:
            logger.warning("the tables are not up to date: run `python -m app migrate`")
        # The server forks, and two processes must not talk over one connection.
        connections.close_all()
        Server(settings.SERVICE).run()
