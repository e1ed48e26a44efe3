"""Commits written by `git fast-import`: from files at hand, or from trees that exist."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from seedbed.git import git
from seedbed.model import Signature
from seedbed.rendering import File

_SPECIAL = re.compile(rb"[^ !#-\[\]-~]")


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in a tree.

    Attributes:
        mode: Its mode, as Git writes it; `040000` for a folder.
        object_id: What is there.
    """

    mode: str
    object_id: str


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit to be written.

    Attributes:
        ref: The ref that will point to it, whatever it points to now.
        parents: Its parents' ids, or refs of commits that are written before it.
        message: The message.
        who: The author and committer.
        date: The date of both: seconds since 1970, and the time zone.
        tree: The id of the tree that it begins with; an empty one if there is none.
        files: Files to write into that tree.
        entries: Places in that tree to replace by what exists already.
        removed: Paths to take out of that tree.
    """

    ref: str
    parents: tuple[str, ...]
    message: str
    who: Signature
    date: str
    tree: str = ""
    files: Mapping[str, File] = field(default_factory=dict)
    entries: Mapping[str, Entry] = field(default_factory=dict)
    removed: tuple[str, ...] = ()


def write_commits(
    repository: Path, *commits: Commit, seconds: float, known: set[str] | None = None
) -> None:
    """Write commits into a repository.

    Args:
        repository: A bare repository.
        *commits: The commits, parents before children.
        seconds: How long Git may take.
        known: Ids of file contents that are there already, and are not sent again; added to.

    Raises:
        GitError: Git failed; the refs are as they were.
    """
    there = set() if known is None else known
    sent: set[str] = set()
    stream = bytearray(b"feature done\n")
    for commit in commits:
        for file in commit.files.values():
            object_id = blob_id(file.content)
            if object_id not in there and object_id not in sent:
                stream += b"blob\n" + _data(file.content)
                sent.add(object_id)
    for commit in commits:
        stream += _commit(commit)
    stream += b"done\n"
    git(
        repository,
        "fast-import",
        "--quiet",
        "--force",
        "--date-format=raw",
        seconds=seconds,
        stdin=bytes(stream),
    )
    there |= sent


def blob_id(content: bytes) -> str:
    """The id that Git gives a file's content (gitformat-pack, "object names")."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _commit(commit: Commit) -> bytes:
    signature = f"{commit.who.name} <{commit.who.email}> {commit.date}".encode()
    lines = bytearray(b"reset %s\n" % commit.ref.encode())
    lines += b"commit %s\nauthor %s\ncommitter %s\n" % (commit.ref.encode(), signature, signature)
    lines += _data(commit.message.encode())
    for place, parent in enumerate(commit.parents):
        lines += b"%s %s\n" % (b"merge" if place else b"from", parent.encode())
    lines += b"deleteall\n"
    if commit.tree:
        lines += b'M 040000 %s ""\n' % commit.tree.encode()
    for path in commit.removed:
        lines += b"D %s\n" % _quoted(path)
    for path, file in commit.files.items():
        lines += b"M %s %s %s\n" % (
            file.mode.encode(),
            blob_id(file.content).encode(),
            _quoted(path),
        )
    for path, entry in commit.entries.items():
        lines += b"M %s %s %s\n" % (entry.mode.encode(), entry.object_id.encode(), _quoted(path))
    return bytes(lines + b"\n")


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)


def _quoted(path: str) -> bytes:
    """A path as fast-import reads it, whatever is in it."""
    raw = path.encode(errors="surrogateescape")
    return b'"' + _SPECIAL.sub(lambda found: b"\\%03o" % ord(found[0]), raw) + b'"'
