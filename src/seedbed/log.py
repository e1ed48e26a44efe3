"""The log: a line of JSON for each change that was begun, and one for each that was done.

It is only ever added to. A change that was begun and has no second line was cut short: by a kill,
or by a failure that the run reported.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from seedbed.failures import without_user_information
from seedbed.model import SeedbedError


def append(path: Path, event: Mapping[str, str | None]) -> None:
    """Add an event, with the time. Several processes may do so at once.

    It is in the hands of the system then, and survives the death of this process.

    Args:
        path: The log's file.
        event: What happened. User names and passwords in addresses are left out.

    Raises:
        SeedbedError: It could not be written. The log is as it was.
    """
    time = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    told = {key: value and without_user_information(value) for key, value in event.items()}
    # ASCII, so a line is a line whatever is in a name.
    line = json.dumps({"time": time, **told}).encode() + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path) as file:
            _write(file, line)
    except OSError as error:
        raise SeedbedError(
            f"the log {path} cannot be written ({error.strerror}), and nothing is changed that is"
            " not in it: put that right, and run the same command again"
        ) from error


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """Open the file where no other process writes; the lock goes with the process."""
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)


def _write(file: int, line: bytes) -> None:
    """Write a line by one call, below whatever a writer left that was killed half-way."""
    size = os.fstat(file).st_size
    if size and os.pread(file, 1, size - 1) != b"\n":
        line = b"\n" + line
    try:
        # A disk that fills up takes the beginning; the next call says why it takes no more.
        while line:
            line = line[os.write(file, line) :]
    except OSError:
        os.ftruncate(file, size)
        raise
