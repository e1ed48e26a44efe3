"""Folders that are held open, and how a file in one is recognised.

A path can change its meaning between two steps: somebody replaces a folder on it with a symbolic
link. A folder that is held open stays the folder it is. So every step of a move names its files
relative to open folders, and links are never followed on the way there.

Windows cannot do that. There `fd` is None and the same calls use whole paths.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple, Self

CAN_HOLD_OPEN = {os.open, os.stat, os.rename, os.link, os.unlink} <= os.supports_dir_fd

_HALF = 1 << 63


def _signed(number: int) -> int:
    """The number as SQLite can store it: signed, in 64 bits.

    Some file systems use all 64 bits for an inode, and a date can be absurd.
    """
    if -_HALF <= number < _HALF:  # nearly always
        return number
    return (number + _HALF) % (2 * _HALF) - _HALF


class Identity(NamedTuple):
    """What tells one file from another, whatever its name."""

    device: int
    inode: int
    size: int
    mtime_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> Self:
        """The identity of the file with this status."""
        return cls(
            _signed(status.st_dev),
            _signed(status.st_ino),
            status.st_size,
            _signed(status.st_mtime_ns),
        )

    def is_probably(self, other: "Identity") -> bool:
        """The same inode, though it may have been edited; or an unchanged size and time.

        The second half is for file systems whose inode or device numbers do not outlive a
        restart (FAT, network shares). Enough to move a file, never enough to delete one.
        """
        return self[:2] == other[:2] or self[2:] == other[2:]


class NotAFolderError(Exception):
    """A part of a target exists and is not a folder that may be written through."""


class Place:
    """One folder, held open from its making until `close`."""

    __slots__ = ("fd", "path")

    def __init__(self, path: str, fd: int | None) -> None:
        self.path = path
        self.fd = fd

    @classmethod
    def open(cls, path: str) -> Self:
        """Hold the folder at this path open."""
        return cls(path, os.open(path, os.O_RDONLY | os.O_DIRECTORY) if CAN_HOLD_OPEN else None)

    def close(self) -> None:
        """Let go of the folder."""
        if self.fd is not None:
            os.close(self.fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def at(self, name: str) -> str:
        """The name to pass along with `dir_fd=place.fd`."""
        return name if self.fd is not None else os.path.join(self.path, name)

    def full(self, name: str) -> str:
        """The whole path of a name, for calls that cannot work relative to an open folder."""
        return os.path.join(self.path, name)

    def status(self, name: str) -> os.stat_result | None:
        """The status of a file or link itself, or None if there is none of this name."""
        try:
            return os.stat(self.at(name), dir_fd=self.fd, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def identify(self, name: str) -> Identity | None:
        """The identity of what has this name, or None."""
        status = self.status(name)
        return None if status is None else Identity.of(status)

    def names(self) -> list[str]:
        """All names in the folder."""
        return os.listdir(self.path if self.fd is None else self.fd)

    def remove(self, name: str) -> None:
        """Remove a file or link. It is up to the caller that it is not the last of its content."""
        os.unlink(self.at(name), dir_fd=self.fd)

    @contextmanager
    def inside(self, relative: str, *, create: bool = False) -> Iterator["Place | None"]:
        """The folder at `a/b/c` in here, or None where it does not exist and is not to be made.

        Raises `NotAFolderError` at a symbolic link or a file.
        """
        place = self
        try:
            for part in relative.split("/"):
                step = place._step(part, create=create)
                if place is not self:
                    place.close()
                if step is None:
                    place = self
                    yield None
                    return
                place = step
            yield place
        finally:
            if place is not self:
                place.close()

    @contextmanager
    def made(self, relative: str) -> Iterator["Place"]:
        """The folder at `a/b/c` in here, made where it does not exist."""
        with self.inside(relative, create=True) as place:
            if place is None:  # made, and removed again by somebody before we looked
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), relative)
            yield place

    def remove_empty_folder(self, relative: str) -> None:
        """Remove the folder at `a/b/c` in here if it is there and empty; else do nothing."""
        parent, _, name = relative.rpartition("/")
        with suppress(NotAFolderError, OSError):
            if not parent:
                os.rmdir(self.at(name), dir_fd=self.fd)
                return
            with self.inside(parent) as place:
                if place is not None:
                    os.rmdir(place.at(name), dir_fd=place.fd)

    def _step(self, part: str, *, create: bool) -> "Place | None":
        """One folder further down."""
        if create:
            with suppress(FileExistsError):
                os.mkdir(self.at(part), dir_fd=self.fd)
        status = self.status(part)
        if status is None:
            return None
        path = os.path.join(self.path, part)
        if not stat.S_ISDIR(status.st_mode):
            kind = "a symbolic link" if stat.S_ISLNK(status.st_mode) else "not a folder"
            raise NotAFolderError(f"{part} is {kind}")
        if not CAN_HOLD_OPEN:
            return Place(path, None)
        # The check above makes a good message; O_NOFOLLOW is what keeps us out of a link.
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
        return Place(path, os.open(part, flags, dir_fd=self.fd))
