"""A service that runs on this machine for a while, and must end as quietly as it ran."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.support import http_status

READY = "/health/ready"
FAULTS = ("Traceback (most recent call last)", "Internal Server Error")
SHOWN = 100  # lines
ENDED_AS_ASKED = (0, 128 + signal.SIGTERM, -signal.SIGTERM)


@contextmanager
def serving(
    command: Sequence[str | Path],
    *,
    port: int,
    log: Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """Run a service until the block ends.

    Args:
        command: What starts it. It is told the port by the variable PORT.
        port: The port of 127.0.0.1 that it answers on.
        log: Where everything goes that it writes.
        cwd: The folder to run it in.
        env: Variables to add to this process's own.

    Yields:
        Its URL, as soon as it says that it is ready.

    Raises:
        AssertionError: It did not become ready, wrote of a fault, or did not end when it was asked
            to; the message has what it wrote.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env={**os.environ, **(env or {}), "PORT": str(port), "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            # A group of its own, for it may start others: what watches for changes, workers.
            start_new_session=True,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(process, url + READY, log)
        yield url
        _end(process, log)
    except BaseException:
        # Pytest shows this beside the failure, which is often explained by it.
        sys.stdout.write(_interesting(log))
        raise
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    written = log.read_text(errors="replace")
    assert not any(fault in written for fault in FAULTS), _interesting(log)


def _interesting(log: Path) -> str:
    """What surrounds the first fault in a log, or else its end: requests fill hundreds of lines."""
    lines = log.read_text(errors="replace").splitlines(keepends=True)
    faults = [at for at, line in enumerate(lines) if any(fault in line for fault in FAULTS)]
    begin = max(0, faults[0] - 5) if faults else -SHOWN
    return "".join(lines[begin:][:SHOWN])


def _wait_until_ready(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    status = None
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, f"it ended early:\n{_interesting(log)}"
        with suppress(OSError, http.client.HTTPException):
            status = http_status(url)
        if status == 200:
            return
        time.sleep(0.05)
    raise AssertionError(f"{url} answered {status}:\n{_interesting(log)}")


def _end(process: subprocess.Popen[bytes], log: Path) -> None:
    """Ask all of its group to end, as a terminal does, and see that all have."""
    os.killpg(process.pid, signal.SIGTERM)
    try:
        code = process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        raise AssertionError(f"it does not end:\n{_interesting(log)}") from None
    assert code in ENDED_AS_ASKED, f"exit {code}:\n{_interesting(log)}"
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    raise AssertionError(f"it left processes behind:\n{_interesting(log)}")
