"""The folder that outlives a run of the tests, and one folder of each run that does not."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from tests.image.model import EngineError


def cache_folder(home: Path) -> Path:
    """Where costly things are kept: `$SEEDBED_CACHE`, or a folder of the user's own."""
    chosen = os.environ.get("SEEDBED_CACHE")
    folder = Path(chosen) if chosen else home / ".cache" / "seedbed"
    folder = folder.resolve() / "image"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait until no other process holds the lock of this name, and hold it."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def own_folder(parent: Path) -> Iterator[Path]:
    """A folder that is removed at the end, and by the next run where this one is killed.

    Its owner holds a lock inside, which the kernel takes back whatever happens to the owner.
    """
    parent.mkdir(exist_ok=True)
    # Between its making and its locking a folder looks abandoned: one process at a time.
    with locked(parent.with_name(parent.name + ".lock")):
        _remove_abandoned(parent)
        folder = Path(mkdtemp(dir=parent))
        file = _lock_file(folder).open("a")
        fcntl.flock(file, fcntl.LOCK_EX)
    with file:
        try:
            yield folder
        finally:
            remove_tree(folder)


def remove_tree(folder: Path) -> None:
    """Remove a folder, unless something else is mounted in it, which is somebody's data."""
    inside = f"{folder.resolve()}/"
    mounted = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    if any(point.startswith(inside) for point in mounted):
        raise EngineError(f"{folder}: not removed, for something is mounted in it")
    shutil.rmtree(folder)


def _remove_abandoned(parent: Path) -> None:
    for folder in parent.iterdir():
        with _lock_file(folder).open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            remove_tree(folder)


def _lock_file(folder: Path) -> Path:
    return folder / "in-use"
