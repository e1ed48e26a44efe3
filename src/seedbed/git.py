"""Calls of Git: none prompts, each has a time limit, and failures are told in a person's words."""

import os
import re
import signal
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from seedbed.failures import Failure, GitError, failure_of
from seedbed.model import SeedbedError

OLDEST = (2, 38)
"""The first version that merges without a work tree: `git merge-tree --write-tree`."""
ATTEMPTS = 4
"""How often a call is tried that fails on the way to the server."""
_PATIENCE = 2

# What a shell may have set for another repository, as `git rev-parse --local-env-vars` lists.
_OF_ANOTHER_REPOSITORY = (
    *("GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_OBJECT_DIRECTORY", "GIT_DIR", "GIT_WORK_TREE"),
    *("GIT_GRAFT_FILE", "GIT_INDEX_FILE", "GIT_NO_REPLACE_OBJECTS", "GIT_REPLACE_REF_BASE"),
    *("GIT_PREFIX", "GIT_SHALLOW_FILE", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_CONFIG"),
)
_SETTINGS = {
    # seedbed packs its own store when a run ends; a repack in each call would be most of its time.
    "gc.auto": "0",
    "maintenance.auto": "false",
    # A person's own hooks are for their own work.
    "core.hooksPath": os.devnull,
    "core.autocrlf": "false",
    # `ext::` runs a command that stands in the address.
    "protocol.ext.allow": "never",
    # A student may be called `main`.
    "core.warnAmbiguousRefs": "false",
    "merge.conflictStyle": "merge",
    "merge.renames": "true",
    # What a student put into a folder stays there when the template renames the folder.
    "merge.directoryRenames": "false",
    # What is read is read as UTF-8.
    "i18n.logOutputEncoding": "UTF-8",
    "log.showSignature": "false",
    "color.ui": "false",
    "push.followTags": "false",
    "push.recurseSubmodules": "no",
    "push.gpgSign": "false",
    # Several students are at work at a time; each call searching with all processors is slower.
    "pack.threads": "1",
    # What is pushed is small: searching for likenesses takes longer than sending it.
    "pack.window": "0",
}
_OPTIONS = tuple(word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}"))


def git(
    repository: Path,
    *arguments: str,
    seconds: float,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    expected: Iterable[int] = (0,),
) -> bytes:
    """Run Git in a bare repository.

    Args:
        repository: The repository.
        *arguments: The command and its arguments. None is ever read by a shell.
        seconds: After how long it is stopped, with all that it started.
        stdin: What it reads.
        env: Variables to add.
        expected: The exit codes that are no failure.

    Returns:
        What it wrote.

    Raises:
        GitError: It failed, or took too long.
    """
    code, output, errors = _run(repository, arguments, seconds, stdin, env or {})
    if code < 0:
        raise GitError(Failure.ENDED)
    if code not in expected:
        raise failure_of(errors)
    return output


def git_over_network(
    repository: Path, *arguments: str, seconds: float, stdin: bytes = b""
) -> bytes:
    """Run Git in a bare repository, and again after a while if the connection fails.

    Arguments, result and errors are those of `git`. Only failures of the transport are tried again:
    a server that refuses will refuse again.
    """
    attempts = Retrying(
        retry=retry_if_exception(_may_pass),
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_exponential_jitter(multiplier=0.2, max=5, jitter=0.2),
        reraise=True,
    )
    return attempts(git, repository, *arguments, seconds=seconds, stdin=stdin)


def check_git() -> None:
    """See that there is a Git that can do what is asked of it here.

    Raises:
        SeedbedError: There is none, or an older one.
    """
    needed = ".".join(map(str, OLDEST))
    try:
        said = subprocess.run(
            ["git", "--version"],  # noqa: S607 - Git is the one that the person has
            capture_output=True,
            text=True,
            check=False,
        ).stdout
    except OSError as error:
        raise SeedbedError(
            f"There is no Git here. Install Git {needed} or later, and run it again."
        ) from error
    found = re.search(r"(\d+)\.(\d+)", said)
    if found is None or (int(found[1]), int(found[2])) < OLDEST:
        raise SeedbedError(
            f"This is {said.strip()}, and Git {needed} or later is needed: install one, and run it"
            " again."
        )


def shown(url: str) -> str:
    """An address as it may be shown and stored: without user name and password."""
    if "://" not in url:
        # `user@host:path`; a path on this machine has a slash before its first colon.
        return re.sub(r"^[^/:@]+@(?=[^/:]+:)", "", url)
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def environment() -> dict[str, str]:
    """The variables that each call of Git is given."""
    kept = {name: value for name, value in os.environ.items() if name not in _OF_ANOTHER_REPOSITORY}
    return kept | {
        "GIT_TERMINAL_PROMPT": "0",
        "SSH_ASKPASS_REQUIRE": "never",
        # Their messages are read, so they must be in English.
        "LC_ALL": "C",
        # Repositories of students have these ids, and one repository has one kind.
        "GIT_DEFAULT_HASH": "sha1",
        "LANGUAGE": "C",
    }


def _run(
    repository: Path,
    arguments: Sequence[str],
    seconds: float,
    stdin: bytes,
    env: Mapping[str, str],
) -> tuple[int, bytes, str]:
    # A session of its own has no terminal, so nothing can prompt there, and Ctrl-C does not reach
    # it: what is in flight is finished.
    process = subprocess.Popen(  # noqa: S603 - a list of arguments, and no shell
        [  # noqa: S607 - Git is the one that the person has
            "git",
            f"--git-dir={repository}",
            *_OPTIONS,
            *arguments,
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**environment(), **env},
        start_new_session=True,
    )
    try:
        output, errors = process.communicate(stdin, timeout=seconds)
    except subprocess.TimeoutExpired as error:
        if process.poll() is None:
            raise GitError(Failure.TIME) from error
        # It has ended while this program was suspended.
        output, errors = process.communicate()
    finally:
        if process.poll() is None:
            _end(process)
    return process.returncode, output, errors.decode(errors="replace")


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, GitError) and error.failure.may_pass


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a call with all that it started; Git removes its locks if it is asked to end."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=_PATIENCE)
            return
