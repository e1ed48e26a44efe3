"""Which files are open for writing right now. Only Linux shows this, in /proc."""

import os
import stat
from pathlib import Path

from file_organizer.places import Identity

_PROCESSES = Path("/proc")


def open_for_writing() -> frozenset[tuple[int, int]]:
    """Device and inode of each file that a process we may look at has open for writing.

    One pass over all processes, with our own: stdout may be a file in the very folder. A file that
    is opened later is safe as well: a rename does not disturb its writer, and a copy is checked
    before the original is removed.
    """
    found: set[tuple[int, int]] = set()
    try:
        processes = [name for name in os.listdir(_PROCESSES) if name.isdigit()]
    except OSError:  # not Linux
        return frozenset()
    for process in processes:
        found.update(_written_by(_PROCESSES / process))
    return frozenset(found)


def _written_by(process: Path) -> list[tuple[int, int]]:
    try:
        descriptors = os.listdir(process / "fd")
    except OSError:  # another user's, or ended meanwhile
        return []
    found = []
    for descriptor in descriptors:
        try:
            status = os.stat(process / "fd" / descriptor)
            if stat.S_ISREG(status.st_mode) and _is_writable(process / "fdinfo" / descriptor):
                found.append(Identity.of(status)[:2])
        except OSError:
            continue  # closed meanwhile
    return found


def _is_writable(information: Path) -> bool:
    """The kernel tells the flags that the file was opened with, in octal."""
    for line in information.read_text("ascii").splitlines():
        key, _, value = line.partition(":")
        if key == "flags":
            return int(value, 8) & os.O_ACCMODE != os.O_RDONLY
    return False
