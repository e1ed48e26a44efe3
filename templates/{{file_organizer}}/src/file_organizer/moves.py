"""One safe move: it never overwrites, and after a crash at any point nothing is lost.

On one file system a move is a rename that refuses a taken name. Across file systems it is a copy
under a temporary name, checked and written to the disk, then renamed, and only then is the source
removed.
"""

import ctypes
import errno
import functools
import hashlib
import os
import shutil
import stat
import sys
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass

from file_organizer.content import CHUNK, StoppedError, digest_of, reading
from file_organizer.places import Identity, Place

_RENAME_NOREPLACE = 1
_NO_SUCH_CALL = frozenset({errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.ENOTSUP})
# EPERM is what Linux says where a file system has no hard links.
_NO_LINKS = frozenset({errno.EPERM, errno.EMLINK, *_NO_SUCH_CALL})


class ChangedError(Exception):
    """The file changed while it was being copied."""


@dataclass(frozen=True, slots=True)
class Copying:
    """What a move needs to know if it turns out to need a copy."""

    stage: str
    record: Callable[[Identity], None]
    should_stop: Callable[[], bool]


def move(
    source: Place, name: str, target: Place, new_name: str, copying: Callable[[], Copying]
) -> None:
    """Move a file or link. Raises `FileExistsError`, with all as before, if the name is taken.

    `copying` is called if it comes to a copy, which few moves do.
    """
    try:
        rename(source, name, target, new_name)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _move_across(source, name, target, new_name, copying())


def rename(source: Place, name: str, target: Place, new_name: str) -> None:
    """Rename within a file system without ever replacing anything.

    Three ways, because not every file system has the best one: a rename that the kernel makes
    refuse, a second name (a hard link) before the first is dropped, and a rename after a look.
    Only the last has a gap in which another program could put a file in the way.
    """
    for way in (_rename_exclusively, _link_and_unlink):
        try:
            way(source, name, target, new_name)
        except _UnsupportedError:
            continue
        return
    _look_and_rename(source, name, target, new_name)


class _UnsupportedError(Exception):
    """This file system or this system cannot do it this way."""


@functools.cache
def _renameat2() -> Callable[[int, bytes, int, bytes, int], int] | None:
    """The C library's function; Python has no name for it."""
    if sys.platform != "linux":
        return None
    try:
        function = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:  # an old C library
        return None
    function.argtypes = (
        ctypes.c_int,
        ctypes.c_char_p,
        ctypes.c_int,
        ctypes.c_char_p,
        ctypes.c_uint,
    )
    return function


def _rename_exclusively(source: Place, name: str, target: Place, new_name: str) -> None:
    if sys.platform == "win32":  # where a rename never replaces
        os.rename(source.at(name), target.at(new_name))
        return
    function = _renameat2()
    if function is None or source.fd is None or target.fd is None:
        raise _UnsupportedError
    old, new = os.fsencode(name), os.fsencode(new_name)
    if function(source.fd, old, target.fd, new, _RENAME_NOREPLACE) != 0:
        number = ctypes.get_errno()
        if number in _NO_SUCH_CALL:
            raise _UnsupportedError
        raise OSError(number, os.strerror(number), name, None, new_name)


def _link_and_unlink(source: Place, name: str, target: Place, new_name: str) -> None:
    """A crash between the two steps leaves one file with two names, which `recovery` sees."""
    try:
        os.link(
            source.at(name),
            target.at(new_name),
            src_dir_fd=source.fd,
            dst_dir_fd=target.fd,
            follow_symlinks=False,
        )
    except OSError as error:
        if error.errno in _NO_LINKS:
            raise _UnsupportedError from error
        raise
    linked = target.identify(new_name)
    try:
        _drop(source, name, linked)
    except OSError:
        if source.identify(name) == linked:
            target.remove(new_name)
        raise


def _drop(place: Place, name: str, expected: Identity | None) -> bool:
    """Remove the name if it still means this file. False if it means another one by now.

    If the name is gone, somebody was quicker, and what we made is the only one left: keep it.
    """
    found = place.identify(name)
    if found is None:
        return True
    if found != expected:
        return False
    with suppress(FileNotFoundError):
        place.remove(name)
    return True


def _look_and_rename(source: Place, name: str, target: Place, new_name: str) -> None:
    if target.status(new_name) is not None:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name, None, new_name)
    os.rename(source.at(name), target.at(new_name), src_dir_fd=source.fd, dst_dir_fd=target.fd)


def _move_across(source: Place, name: str, target: Place, new_name: str, copying: Copying) -> None:
    """Copy, check, rename, remove the source; every step leaves a whole file somewhere."""
    before = source.status(name)
    if before is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)
    if target.status(new_name) is not None:  # do not copy gigabytes only to find that out
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name, None, new_name)
    with ExitStack() as on_failure:
        if stat.S_ISLNK(before.st_mode):
            os.symlink(
                os.readlink(source.at(name), dir_fd=source.fd),
                target.at(copying.stage),
                dir_fd=target.fd,
            )
            on_failure.callback(target.remove, copying.stage)
        else:
            _create(target, copying.stage)
            on_failure.callback(target.remove, copying.stage)
            _copy_content(source, name, target, copying)
        _copy_attributes(source, name, target, copying.stage, before)
        if source.identify(name) != Identity.of(before):
            raise ChangedError
        staged = target.identify(copying.stage)
        if staged is None:
            raise ChangedError
        copying.record(staged)
        rename(target, copying.stage, target, new_name)
        on_failure.pop_all()
        on_failure.callback(_drop, target, new_name, staged)
        _flush(target)
        if not _drop(source, name, Identity.of(before)):
            raise ChangedError
        on_failure.pop_all()


def _create(target: Place, stage: str) -> None:
    """Make the empty file; the name is ours alone, so it cannot exist."""
    os.close(
        os.open(target.at(stage), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600, dir_fd=target.fd)
    )


def _copy_content(source: Place, name: str, target: Place, copying: Copying) -> None:
    """Copy and read back. Whatever differs is an error, not a file."""
    written = hashlib.blake2b()
    flags = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    stage = os.open(target.at(copying.stage), flags, dir_fd=target.fd)
    with reading(source, name) as reader, open(stage, "r+b") as writer:
        while chunk := reader.read(CHUNK):
            if copying.should_stop():
                raise StoppedError
            written.update(chunk)
            writer.write(chunk)
        writer.flush()
        os.fsync(writer.fileno())
        writer.seek(0)
        if digest_of(writer, copying.should_stop) != written.digest():
            raise OSError(errno.EIO, "the copy differs from the original", name)


def _copy_attributes(
    source: Place, name: str, target: Place, stage: str, status: os.stat_result
) -> None:
    """Owner, times, mode, extended attributes: as far as user and file system allow, like `mv`."""
    if sys.platform != "win32":
        with suppress(OSError):
            os.chown(
                target.at(stage),
                status.st_uid,
                status.st_gid,
                dir_fd=target.fd,
                follow_symlinks=False,
            )
    with suppress(PermissionError):
        shutil.copystat(source.full(name), target.full(stage), follow_symlinks=False)


def _flush(place: Place) -> None:
    """Bring a new name in a folder to the disk, on file systems that can be asked to."""
    if place.fd is not None:
        try:
            os.fsync(place.fd)
        except OSError as error:
            if error.errno not in _NO_SUCH_CALL:
                raise
