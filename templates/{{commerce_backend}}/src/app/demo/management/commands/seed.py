"""`python -m app seed`: fill a new database with a demo."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from rich.console import Console
from rich.progress import Progress

from app.core.errors import ConflictError
from app.core.settings import load_settings
from app.demo import filling

MOST_PRODUCTS, MOST_ORDERS = 10_000, 100_000


class Command(BaseCommand):
    """Fill a new database with a demo."""

    help = "Fill a new database with a demo. It is for development: everybody knows its password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how much of it there is to be."""
        parser.add_argument("--products", type=_number(MOST_PRODUCTS), default=60)
        parser.add_argument("--orders", type=_number(MOST_ORDERS), default=200)

    def handle(self, *, products: int, orders: int, **_options: object) -> None:
        """Fill it, whole or not at all."""
        if load_settings().environment == "production":
            raise CommandError("The demo's password is public, so it has no place in production.")
        if filling.is_there():
            self.stdout.write("The demo is there already. Nothing was changed.")
            return
        if not filling.is_empty():
            raise CommandError(
                "The database has users or products of its own. Seed a new one, before anything"
                " else is in it."
            )
        try:
            self._fill(products, orders)
        except ConflictError as error:
            raise CommandError(error.message) from None
        self.stdout.write(f"Made {products} products and {orders} orders. Sign in with:")
        for email in (filling.DEMO, *filling.STAFF):
            self.stdout.write(f"  {email}  {filling.PASSWORD}")

    def _fill(self, products: int, orders: int) -> None:
        # A bar where somebody watches, and nothing in a log.
        console = Console(stderr=True)
        with (
            transaction.atomic(),
            Progress(console=console, transient=True, disable=not console.is_terminal) as bar,
        ):
            task = bar.add_task("Writing orders", total=orders)
            for _ in filling.fill(products=products, orders=orders):
                bar.advance(task)


def _number(most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isdecimal() or not 1 <= int(text) <= most:
            raise ArgumentTypeError(f"give a number from 1 to {most}")
        return int(text)

    return number
