"""Why a call of Git failed, told from what Git, SSH, HTTP and servers wrote."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from seedbed.model import SeedbedError


class Failure(Enum):
    """Why Git failed, and what to do next."""

    TIME = "no answer in time: try again, or raise `seconds` under [git]"
    DISK = "no space is left on this machine's disk: make room, then run it again"
    DISK_THERE = "no space is left on the server's disk: make room there, then run it again"
    CORRUPT = "the repository seems to be damaged: git fsck in it tells more"
    OWNER = (
        "the folder belongs to somebody else, so Git refuses it: see safe.directory in git-config"
    )
    HOST_KEY = "the server's key is unknown, or another than before: connect once with ssh by hand"
    AUTHENTICATION = "the server wants credentials: set up Git's credential helper or an SSH agent"
    FORBIDDEN = "your credentials do not allow it: ask for the right to write there"
    NOT_THERE = "there is no such repository, or you may not see it: create it, or get access"
    MOVED = "somebody pushed at the same time: run the same command again"
    NAME = "a branch called seedbed is in the way of seedbed/VERSION: have it renamed"
    SHA256 = "the repository uses SHA-256, and seedbed SHA-1: make one without --object-format"
    LOCKED = "a lock is in the way: if no Git is at work there, remove the file that it names"
    REFUSED = "the server refused the push"
    NO_NAME = "the server's name is not known: is it spelt right, and is there a network?"
    NO_SERVER = "no server answers there: is the address right, and does the server run?"
    TRANSPORT = "the connection broke: try again"
    ENDED = "Git was ended from outside: is there enough memory? Try again with fewer --jobs"
    OTHER = "Git failed"

    @property
    def may_pass(self) -> bool:
        """Whether the same call may succeed a moment later."""
        return self in {Failure.LOCKED, Failure.NO_NAME, Failure.NO_SERVER, Failure.TRANSPORT}


# The first that fits counts: servers with a full disk or a damaged repository also hang up, and
# SSH says after every failure that it could not read from the repository. The messages are those of
# Git 2.39 and later, OpenSSH 9 and libcurl 7, and of GitHub and GitLab.
_FULL = r"No space left on device|File too large|Disk quota exceeded"
_SIGNS: Sequence[tuple[Failure, str]] = (
    (Failure.DISK_THERE, rf"remote: .*({_FULL})"),
    (Failure.DISK, _FULL),
    (
        Failure.CORRUPT,
        (
            r"is corrupt|inflate: data stream error|possible repository corruption"
            r"|missing necessary objects|expected '(acknowledgments|packfile)'"
        ),
    ),
    (Failure.OWNER, r"dubious ownership"),
    (Failure.HOST_KEY, r"Host key verification failed"),
    (
        Failure.AUTHENTICATION,
        (
            r"could not read (Username|Password)|terminal prompts disabled|Authentication failed"
            r"|(HTTP|error:) 401|Permission denied \(|Too many authentication failures"
        ),
    ),
    (Failure.FORBIDDEN, r"(HTTP|error:) 403"),
    (
        Failure.NOT_THERE,
        (
            r"does not appear to be a git repository|[Rr]epository .*not found|error: 404"
            r"|could not be found|The project you were looking for|not a git repository"
        ),
    ),
    (Failure.MOVED, r"\[rejected\]"),
    (Failure.NAME, r"'refs/heads/seedbed' exists; cannot create|directory file conflict"),
    (Failure.SHA256, r"hash algorithm|mismatched algorithms"),
    (Failure.LOCKED, r"cannot lock ref|Unable to create '.*\.lock'"),
    (Failure.REFUSED, r"\[remote rejected\]|HTTP 413|error: 413"),
    (Failure.NO_NAME, r"Could not resolve host"),
    (Failure.NO_SERVER, r"Connection refused|Failed to connect|No route to host"),
    (
        Failure.TRANSPORT,
        (
            r"Connection (reset|closed|timed out)|closed by remote host|Broken pipe|early EOF"
            r"|unexpected disconnect|hung up|RPC failed|Empty reply|transfer closed|timed out"
            r"|Operation too slow|(HTTP|error:) (408|429|5\d\d)|kex_exchange_identification"
            # Git takes a server for one of another kind when its first answer breaks off.
            r"|git-http-push failed|Network is unreachable|gnutls_handshake|SSL_ERROR"
        ),
    ),
)
_LONGEST = 200
# As `tempfile` names them; a person may have called a folder so, too.
_TEMPORARY = re.compile(r"(scratch|seedbed|seedbed-check)-[a-z0-9_]{8}")


@dataclass
class GitError(SeedbedError):
    """A call of Git that failed.

    Attributes:
        failure: Why.
        detail: What Git or the server said beyond that, in a line; without user information.
    """

    failure: Failure
    detail: str = ""

    def __str__(self) -> str:
        """The reason, as it is counted and shown."""
        return f"{self.failure.value} ({self.detail})" if self.detail else self.failure.value


def failure_of(errors: str) -> GitError:
    """Tell from what Git wrote why it failed."""
    for failure, sign in _SIGNS:
        if re.search(sign, errors):
            return GitError(failure, _detail(failure, without_user_information(errors)))
    return GitError(Failure.OTHER, _last_line(without_user_information(errors)))


def explained(error: OSError) -> str:
    """What the system refused, and what to do next."""
    name = f": {_lasting(error.filename)}" if isinstance(error.filename, str) else ""
    return f"{error.strerror or error}{name}. Put this right, and run the same command again."


def without_user_information(text: str) -> str:
    """Leave out user names and passwords that stand in addresses."""
    return re.sub(r"(?<=://)[^/\s]*@", "", text)


def _lasting(name: str) -> str:
    """A path up to a temporary folder of ours that is gone: its name would be another each time."""
    path = Path(name)
    for folder in (path, *path.parents):
        if _TEMPORARY.fullmatch(folder.name) and not os.path.lexists(folder):
            return str(folder.parent)
    return name


def _detail(failure: Failure, errors: str) -> str:
    if failure is Failure.REFUSED:
        return _said_by_server(errors)
    if failure is Failure.LOCKED:
        return "".join(re.findall(r"'[^']*\.lock'", errors)[:1])
    return ""


def _said_by_server(errors: str) -> str:
    lines = [line for line in errors.splitlines() if line.startswith("remote:")]
    said = [line.removeprefix("remote:").strip() for line in lines]
    why = re.findall(r"\[remote rejected\].*\((.*)\)", errors)
    return "; ".join(filter(None, [*why, *said[:2]]))[:_LONGEST]


def _last_line(errors: str) -> str:
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines
    return telling[-1][:_LONGEST] if telling else "it did not say why"
