"""Running the programs that do the work."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.image.model import Completed, EngineError


def call(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    timeout: float | None = None,
) -> Completed:
    """Run a command to its end, however it ends. What is not text shows as escapes."""
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="backslashreplace",
        # Ctrl-C goes to the tests, which then clean up; it must not reach the engine first.
        start_new_session=True,
    ) as process:
        try:
            stdout, stderr = process.communicate(timeout=timeout)
        except BaseException:
            # With what it started, which would go on by itself.
            os.killpg(process.pid, signal.SIGKILL)
            raise
    return Completed(process.returncode, stdout, stderr)


def must(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    timeout: float | None = None,
    error: type[EngineError] = EngineError,
) -> str:
    """Run a command that must succeed, and return what it wrote on standard output.

    Raises:
        EngineError: It failed, or was not there, or took too long.
    """
    shown = " ".join(map(str, command))
    try:
        done = call(command, environment=environment, timeout=timeout)
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise error(f"{shown}\n{problem}") from problem
    if done.exit_code:
        raise error(f"{shown}\nexit {done.exit_code}\n{done.stdout}\n{done.stderr}")
    return done.stdout
