"""A student's own tests, run in an environment that holds nothing of the instructor's.

Their code is code of others: it gets no variable but those named here, no input, no more time than
it was given, and what it writes is kept to a few lines. It is not shut in, though: it runs as
whoever runs seedbed. Where that is not wanted, run seedbed in a container.
"""

import errno
import os
import re
import selectors
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from seedbed.failures import without_user_information
from seedbed.model import Check, Checked, CheckResult
from seedbed.text import visible_lines

LONGEST_OUTPUT = 8 * 1024
"""How many bytes of what the tests wrote are kept: the last ones."""

# Where uv finds Pythons and packages, and how it gets through the network. Addresses in them lose
# their user names and passwords: tests may write all their variables, which then stand in a report.
_PASSED = (
    *("UV_DEFAULT_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_INDEX", "UV_INDEX_URL"),
    *("UV_HTTP_TIMEOUT", "UV_LINK_MODE", "UV_NATIVE_TLS", "UV_OFFLINE", "UV_SYSTEM_CERTS"),
    *("UV_PYTHON", "UV_PYTHON_DOWNLOADS", "UV_PYTHON_PREFERENCE"),
    *("UV_PYPY_INSTALL_MIRROR", "UV_PYTHON_INSTALL_MIRROR"),
    *("ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"),
    *("all_proxy", "http_proxy", "https_proxy", "no_proxy"),
    *("CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR", "SSL_CERT_FILE"),
)
_TICK = 0.05
_BLOCK = 64 * 1024


def check(project: Path, check: Check, *, home: Path) -> Checked:
    """Run a project's own tests.

    Args:
        project: The project's root. What the tests write there is the caller's to remove.
        check: How they are run.
        home: A new folder, made here, that is the home of the tests, with their temporary files.

    Returns:
        How they ended. Nothing that they started in their process group is left.
    """
    begun = time.monotonic()
    temporary = home / "tmp"
    temporary.mkdir(parents=True)
    try:
        process = subprocess.Popen(  # noqa: S603 - the instructor's command, and no shell
            check.command,
            cwd=project,
            env=environment(home, temporary),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # A group of its own can be ended as a whole, and has no terminal to ask at.
            start_new_session=True,
        )
    except OSError as error:
        return Checked(CheckResult.NOT_STARTED, 0, _why_not_started(check.command[0], error))
    with process:
        output, in_time = _follow(process, begun + check.seconds)
    return Checked(_result(process.returncode, in_time=in_time), time.monotonic() - begun, output)


def environment(home: Path, temporary: Path) -> dict[str, str]:
    """The variables that tests get: the same for all students, with nothing secret.

    Args:
        home: Their home.
        temporary: Their folder for temporary files.

    Returns:
        All of them.
    """
    own = os.environ
    # A proxy may be written without `http://`.
    passed = {
        name: re.sub(r"^[^/\s]*@", "", without_user_information(own[name]))
        for name in _PASSED
        if name in own
    }
    return passed | {
        "PATH": own.get("PATH", os.defpath),
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        # With a new home each student's tests would download everything again.
        "UV_CACHE_DIR": _folder("UV_CACHE_DIR", "XDG_CACHE_HOME", ".cache", "uv"),
        "UV_PYTHON_INSTALL_DIR": _folder(
            "UV_PYTHON_INSTALL_DIR", "XDG_DATA_HOME", ".local/share", "uv/python"
        ),
    }


def _folder(variable: str, parent: str, usual: str, name: str) -> str:
    """Where uv itself would look for a folder of its own, if it were run with our variables."""
    named, parents = os.environ.get(variable), os.environ.get(parent)
    return str(Path(named or Path(parents or Path.home() / usual) / name).absolute())


def _follow(process: "subprocess.Popen[bytes]", until: float) -> tuple[str, bool]:
    """Keep the end of what a process writes until it ends or has no time left, then end its group.

    What it started may hold the pipe open for longer, so the end of the pipe is not waited for.
    """
    assert process.stdout is not None  # noqa: S101 - it was asked for
    with selectors.DefaultSelector() as selector:
        tail = _Tail(process.stdout, selector)
        try:
            while process.poll() is None and (left := until - time.monotonic()) > 0:
                tail.read(min(_TICK, left))
            in_time = process.poll() is not None
        finally:
            _end_group(process)
        tail.read_what_is_there()
    return tail.text(), in_time


def _end_group(process: "subprocess.Popen[bytes]") -> None:
    # Of a group that has ended already, Linux says that it is not there, macOS that it is not ours.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class _Tail:
    """The last bytes that came out of a pipe."""

    def __init__(self, pipe: IO[bytes], selector: selectors.BaseSelector) -> None:
        self._descriptor = pipe.fileno()
        self._selector = selector
        os.set_blocking(self._descriptor, False)
        selector.register(self._descriptor, selectors.EVENT_READ)
        self._kept = bytearray()
        self._cut = False
        self._open = True

    def read(self, seconds: float) -> bool:
        """Wait for at most so long, and read a block; whether there was one."""
        if not self._open:
            time.sleep(seconds)
            return False
        if not self._selector.select(seconds):
            return False
        block = os.read(self._descriptor, _BLOCK)
        self._open = bool(block)
        self._kept += block
        if len(self._kept) > LONGEST_OUTPUT:
            del self._kept[:-LONGEST_OUTPUT]
            self._cut = True
        return self._open

    def read_what_is_there(self) -> None:
        """Read what is left in the pipe, but no more than fits in: somebody may still write."""
        for _ in range(32):
            if not self.read(0):
                break

    def text(self) -> str:
        """What was kept, from the beginning of a line, without what is for terminals only."""
        kept = bytes(self._kept)
        if self._cut:
            kept = kept.partition(b"\n")[2] or kept
        return visible_lines(kept.decode(errors="replace")).strip("\n")


def _result(code: int, *, in_time: bool) -> CheckResult:
    if not in_time:
        return CheckResult.TIMED_OUT
    return CheckResult.FAILED if code else CheckResult.PASSED


def _why_not_started(program: str, error: OSError) -> str:
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            why = "was not found: install it, or name another command"
        case errno.EACCES | errno.EPERM:
            why = "may not be executed: `chmod +x` it, or name another command"
        case errno.ENOEXEC:
            why = "is no program: begin it with a line like `#!/bin/sh`, or name another command"
        case _:
            why = f"could not be started ({error.strerror}): try again, or name another command"
    return f"`{program}` {why} in cohort.toml"
