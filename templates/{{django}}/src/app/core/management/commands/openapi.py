"""`python -m app openapi`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from app.core.openapi import document


class Command(BaseCommand):
    """Prints the OpenAPI document."""

    help = "Print the OpenAPI document, or write it to a file."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file's name."""
        parser.add_argument("--output", type=Path, help="The file to write it to.")

    def handle(self, *, output: Path | None, **_options: Any) -> None:
        """Print it, or write it."""
        if output is None:
            self.stdout.write(document(), ending="")
            return
        try:
            output.write_text(document(), encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{error}\nhint: Name a file in a folder that is there.") from None
