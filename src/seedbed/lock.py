"""One seedbed at a time for a cohort. The kernel drops the lock when its holder dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from seedbed.failures import explained
from seedbed.model import SeedbedError


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a lock while the block runs.

    Args:
        path: The lock's file. It stays: whoever removed it could remove another's.

    Raises:
        SeedbedError: Another process holds it, or the file cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Not handed on to what is started here, which must not hold it when we are dead.
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise SeedbedError(explained(error)) from error
    try:
        _lock(file, path)
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        try:
            yield
        finally:
            os.ftruncate(file, 0)
    finally:
        os.close(file)


def _lock(file: int, path: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(file, 20, 0).decode(errors="replace").strip()
        who = f"process {holder}" if holder.isdecimal() else "a process that has just begun"
        raise SeedbedError(
            f"Another seedbed is at work on this cohort ({who}). Wait until it has ended, or"
            " bring it back with `fg` if it is suspended, and run the same command again."
            " Nothing was changed."
        ) from None
    except OSError as error:
        raise SeedbedError(
            f"{path} cannot be locked: {error.strerror}. Keep the cohort on a file system that"
            " knows locks, such as a local disk."
        ) from error
