"""`python -m app migrate`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands.migrate import Command as DjangoCommand
from django.db import connections

# Any number will do, as long as all processes that migrate take the same one.
MIGRATION_LOCK = 7_239_841


class Command(DjangoCommand):
    """Django's, for several processes at once: on PostgreSQL one migrates, the others wait."""

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Bring the database's tables up to date, or to another state."""
        with _alone(options["database"]):
            super().handle(*arguments, **options)


@contextmanager
def _alone(database: str) -> Iterator[None]:
    connection = connections[database]
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        # Altering a large table takes longer than a request may.
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
    try:
        yield
    finally:
        # With the connection both end: the lock and the timeout.
        connection.close()
