"""`python -m app work`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.autoreload import run_with_reloader

from app.core.worker import Worker


class Command(BaseCommand):
    """Runs tasks in the background."""

    help = "Run tasks that wait. SIGTERM ends it once the task in hand is done."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take two options."""
        parser.add_argument(
            "--until-done", action="store_true", help="End when there is nothing left to do."
        )
        parser.add_argument(
            "--reload", action="store_true", help="Start again whenever the code changes."
        )

    def handle(self, *, until_done: bool, reload: bool, **_options: Any) -> None:
        """Run tasks until it is told to end."""
        worker = Worker()
        if not reload:
            worker.stop_on_signals()
            worker.run(until_done=until_done)
        else:
            run_with_reloader(worker.run, until_done=until_done)
