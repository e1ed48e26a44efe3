"""What lies in a folder: its files and symbolic links, not what is inside its folders."""

import os
import stat
import sys
from operator import itemgetter
from typing import NamedTuple

from file_organizer.places import Identity, Place


class File(NamedTuple):
    """A file or a symbolic link, as it was when the folder was read.

    A named tuple, because there may be very many and it is the quickest to make.
    """

    name: str
    is_link: bool
    identity: Identity


def scan(folder: Place) -> list[File]:
    """All files and links, sorted by name. Sockets, pipes and devices are nothing to sort."""
    files = []
    with os.scandir(folder.path if folder.fd is None else folder.fd) as entries:
        for entry in entries:
            try:
                status = _status(entry)
            except FileNotFoundError:
                continue  # gone since the folder was read
            is_link = stat.S_ISLNK(status.st_mode)
            if is_link or stat.S_ISREG(status.st_mode):
                files.append(File(entry.name, is_link, Identity.of(status)))
    files.sort(key=itemgetter(0))
    return files


def _status(entry: os.DirEntry[str]) -> os.stat_result:
    if sys.platform == "win32":
        return os.lstat(entry.path)  # what the entry itself knows there lacks the inode
    return entry.stat(follow_symlinks=False)
