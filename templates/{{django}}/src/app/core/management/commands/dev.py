"""`python -m app dev`."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections

from app.core.hosts import in_brackets

Process = subprocess.Popen[bytes]

PATIENCE = 10
"""For how many seconds the two may take to end."""


class Command(BaseCommand):
    """Serves for somebody who writes code."""

    help = (
        "Migrate the database, then serve and run tasks, and start again whenever the code changes."
    )

    def handle(self, **_options: Any) -> None:
        """Run server and worker, until one of them ends or it is told to."""
        call_command("migrate", verbosity=1)
        connections.close_all()
        address = f"{in_brackets(settings.SERVICE.host)}:{settings.SERVICE.port}"
        code = together(
            # WhiteNoise serves static files, as in production.
            ["runserver", address, "--nostatic"],
            ["work", "--reload"],
        )
        if code:
            raise SystemExit(code)


def together(*commands: Sequence[str]) -> int:
    """Run commands of ours side by side. As soon as one ends, so do the others.

    Returns:
        The code of the one that ended first; 0 if they were told to end.
    """
    told = False

    def end(*_: object) -> None:
        nonlocal told
        told = True

    for name in ("SIGTERM", "SIGINT", "SIGHUP"):
        if number := getattr(signal, name, None):
            signal.signal(number, end)
    processes: list[Process] = []
    codes: list[int | None] = []
    try:
        for command in commands:
            processes.append(_start(command))  # noqa: PERF401 - if the second fails, the first ends
        while not told and not any(code is not None for code in codes):
            time.sleep(0.1)
            codes = [process.poll() for process in processes]
    finally:
        for process in processes:
            _end(process)
    return 0 if told else next(code for code in codes if code is not None)


def _start(command: Sequence[str]) -> Process:
    # Each has a group of its own, for it starts a process that it replaces when the code changes.
    return subprocess.Popen(  # noqa: S603 - they are ours
        [sys.executable, "-m", "app", *command], start_new_session=True
    )


def _end(process: Process) -> None:
    """End a process and what it has started."""
    _send(process, signal.SIGTERM)
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
    # What is left of its group, if anything is.
    _send(process, getattr(signal, "SIGKILL", signal.SIGTERM))
    process.wait()


def _send(process: Process, number: int) -> None:
    if sys.platform == "win32":
        process.terminate()
        return
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
