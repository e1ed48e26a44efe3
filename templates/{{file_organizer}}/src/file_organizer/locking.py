"""One run at a time on one folder.

The lock is on the folder itself, so it needs no file, works for everybody whatever their state
directory is, and the kernel drops it when the process dies, however that happens. Where folders
cannot be locked (Windows, some network file systems) a file in the state directory stands in.
"""

import errno
import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from file_organizer.errors import BusyError, FailedError
from file_organizer.places import Place

_CANNOT_LOCK = frozenset(
    {errno.EBADF, errno.EINVAL, errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}
)


@contextmanager
def locked(folder: Place, state_directory: Path) -> Iterator[None]:
    """Hold the folder's lock, or raise `BusyError` at once."""
    if _lock_folder(folder):
        # Closing the folder lets go of the lock. It is not given up before: no gap.
        yield
        return
    with _lock_file(folder, state_directory):
        yield


def _lock_folder(folder: Place) -> bool:
    """Whether the folder could be locked; False means that this is not possible here."""
    if sys.platform == "win32" or folder.fd is None:
        return False
    import fcntl  # noqa: PLC0415 - Windows has no such module

    try:
        fcntl.flock(folder.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise _busy(folder) from None
    except OSError as error:
        if error.errno in _CANNOT_LOCK:
            return False
        raise
    return True


@contextmanager
def _lock_file(folder: Place, state_directory: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout  # noqa: PLC0415 - rarely needed

    name = hashlib.sha256(os.fsencode(folder.path)).hexdigest()[:16]
    try:
        state_directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(state_directory / f"{name}.lock", timeout=0)
        lock.acquire()
    except Timeout:
        raise _busy(folder) from None
    except OSError as error:
        raise FailedError(
            f"cannot make a lock file in {state_directory}: {error.strerror}",
            "Set ORGANIZE_STATE_DIR to a folder that you may write to.",
        ) from error
    try:
        yield
    finally:
        lock.release()


def _busy(folder: Place) -> BusyError:
    return BusyError(
        f"another organize is at work in {folder.path}",
        "Wait until it has ended and give the command again. Nothing was changed.",
    )
