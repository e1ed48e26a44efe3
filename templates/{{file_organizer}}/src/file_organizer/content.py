"""Looking into files: what kind of content they have, and whether two are the same."""

import codecs
import functools
import hashlib
import mimetypes
import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from file_organizer.places import Place

CHUNK = 1 << 20
_HEAD = 64 << 10
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

# One kind has several names; rules see the registered one.
_REGISTERED = {
    "application/x-gzip": "application/gzip",
    "application/x-rar-compressed": "application/vnd.rar",
    "application/x-sqlite3": "application/vnd.sqlite3",
    "audio/wave": "audio/wav",
    "audio/x-wav": "audio/wav",
    "image/x-ms-bmp": "image/bmp",
}

# How sure puremagic must be: 0.1 for each byte that fits, up to 0.8, and 0.9 if the name agrees.
# Any text may begin with three letters that are also a signature ("ID3", "BZh").
_SURE_ENOUGH = 0.3
_SURE_ENOUGH_FOR_TEXT = 0.4


class StoppedError(Exception):
    """Reading or copying a file was given up because the program is to stop."""


@contextmanager
def reading(folder: Place, name: str) -> Iterator[BinaryIO]:
    """Open a file for reading; never a link's target, and never waiting for a pipe's writer."""
    flags = os.O_RDONLY
    for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):
        flags |= getattr(os, flag, 0)
    with open(os.open(folder.at(name), flags, dir_fd=folder.fd), "rb") as file:
        yield file


def digest(folder: Place, name: str, should_stop: Callable[[], bool] = lambda: False) -> bytes:
    """A hash of the whole content."""
    with reading(folder, name) as file:
        return digest_of(file, should_stop)


def digest_of(file: BinaryIO, should_stop: Callable[[], bool] = lambda: False) -> bytes:
    """A hash of the rest of an open file."""
    result = hashlib.blake2b()
    while chunk := file.read(CHUNK):
        if should_stop():
            raise StoppedError
        result.update(chunk)
    return result.digest()


def same_content(one: Place, name: str, other: Place, other_name: str) -> bool:
    """Whether two files, or two symbolic links, say the same."""
    one_status, other_status = one.status(name), other.status(other_name)
    if one_status is None or other_status is None:
        return False
    if stat.S_IFMT(one_status.st_mode) != stat.S_IFMT(other_status.st_mode):
        return False
    if stat.S_ISLNK(one_status.st_mode):
        return _text_of_link(one, name) == _text_of_link(other, other_name)
    return digest(one, name) == digest(other, other_name)


def _text_of_link(folder: Place, name: str) -> str:
    return os.readlink(folder.at(name), dir_fd=folder.fd)


def content_type(folder: Place, name: str) -> str:
    """The MIME type of a file, by what is in it.

    Kinds of text have no signature (a CSV file is only text), so there the name may say which.
    """
    with reading(folder, name) as file:
        head = file.read(_HEAD)
        if not head:
            return "application/x-empty"
        is_text = _is_text(head)
        file.seek(0)
        found = _by_signature(file, name, _SURE_ENOUGH_FOR_TEXT if is_text else _SURE_ENOUGH)
    if found is None:
        found = _kind_of_text(name) if is_text else "application/octet-stream"
    return _REGISTERED.get(found, found)


def _by_signature(file: BinaryIO, name: str, sure_enough: float) -> str | None:
    import puremagic  # noqa: PLC0415 - reads a large table; only rules with `mime` need it

    # puremagic 2 opens the file of the name it is given. No file has a NUL in its name, so this
    # one only lends its extension, which decides between the many kinds that are ZIP files.
    suffix = os.path.splitext(name)[1].encode("ascii", "replace").decode("ascii")
    try:
        matches = puremagic.magic_stream(file, filename="\0" + suffix)
    except (puremagic.PureError, ValueError):
        return None
    for match in matches:
        if match.confidence >= sure_enough and match.mime_type:
            return str(match.mime_type)
    return None


def _is_text(head: bytes) -> bool:
    """UTF-8 without control characters, apart from white space and colours for terminals."""
    try:
        # The incremental decoder does not mind that the head may end amid a character.
        text = codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return not _CONTROL.search(text)


@functools.cache
def _known_types() -> mimetypes.MimeTypes:
    """Python's own table, not the machine's, so that rules mean the same everywhere."""
    return mimetypes.MimeTypes()


def _kind_of_text(name: str) -> str:
    kind = _known_types().guess_type(name)[0] or ""
    is_kind_of_text = kind.startswith("text/") or kind in {"application/json", "application/xml"}
    return kind if is_kind_of_text else "text/plain"
