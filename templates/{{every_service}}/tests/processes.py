"""The program as a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.core.settings import Settings

SECRET = "a-secret-that-only-these-processes-know-and-nobody-else"
SECONDS = 60
"""How long a process may take before the test gives up on it."""


def environment(**variables: str) -> dict[str, str]:
    """This machine's environment without settings of the program, and with these."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name.lower() not in Settings.model_fields
    }
    return {**inherited, "SECRET_KEY": SECRET, "LOG_FORMAT": "text", **variables}


def run(*arguments: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m app` to its end, in a folder without `.env`."""
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        check=False,
        timeout=SECONDS,
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment(**variables),
    )


class Server:
    """A server that runs, and what it writes."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port
        self.lines: list[str] = []

    def wait_for(self, words: str) -> str:
        """Read what the server writes up to a line with some words."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line)
            if words in line:
                return line
        raise AssertionError("".join(self.lines))

    def wait_until_it_listens(self) -> None:
        """Wait until somebody can connect."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                self.connect().close()
            except ConnectionRefusedError:
                time.sleep(0.05)
            else:
                return
        self.process.kill()
        self.ended()
        raise AssertionError("".join(self.lines))

    def connect(self) -> socket.socket:
        """Connect to it."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS)

    def terminate(self) -> None:
        """Ask it to end, as an orchestrator does."""
        self.process.send_signal(signal.SIGTERM)

    def ended(self) -> int:
        """Wait for its end, and return how it ended."""
        rest, _ = self.process.communicate(timeout=SECONDS)
        self.lines.append(rest)
        return self.process.returncode


@contextmanager
def serving(folder: Path, **variables: str) -> Iterator[Server]:
    """Run `python -m app serve` on a free port."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "serve"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
        env=environment(PORT=str(port), PYTHONUNBUFFERED="1", **variables),
    )
    try:
        server = Server(process, port)
        server.wait_until_it_listens()
        yield server
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def head(method: str, path: str, headers: Mapping[str, Any]) -> bytes:
    """The beginning of an HTTP request, up to its body."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()
