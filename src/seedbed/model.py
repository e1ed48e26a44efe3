"""What the parts of seedbed tell each other: cohorts, students, and what became of each student."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Signature:
    """Who a commit is by.

    Attributes:
        name: The name.
        email: The e-mail address.
    """

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Check:
    """How a student's own tests are run.

    Attributes:
        command: The program and its arguments; it runs in the project's root.
        seconds: After how long it is stopped.
    """

    command: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Cohort:
    """What `cohort.toml` says.

    Attributes:
        name: What people call the cohort.
        folder: Where `cohort.toml` is; paths in it are relative to this folder.
        template: The template's source, in any form that Copier takes.
        version: The template's version that repositories begin with, as in `cohort.toml`.
        roster: The roster's file.
        answers: Answers common to all, `{name}` and the like not yet filled in.
        repositories: Where repositories go: a folder that holds bare ones, or a pattern of URLs.
        author: Who seedbed's commits are by.
        begun: The date of each first commit.
        message: The message of each first commit.
        check: How a student's own tests are run.
        seconds: How long one call of Git may take.
    """

    name: str
    folder: Path
    template: str
    version: str
    roster: Path
    answers: Mapping[str, Any]
    repositories: Path | str
    author: Signature
    begun: datetime
    message: str
    check: Check
    seconds: float

    @property
    def state(self) -> Path:
        """The folder with what seedbed itself keeps: rendered versions, log, lock."""
        return self.folder / ".seedbed"


@dataclass(frozen=True, slots=True)
class Student:
    """A student, or a team that shares one repository.

    Attributes:
        slug: The short name, unique in the cohort: of the repository and in seedbed's output.
        name: The student's name, or the team's.
        emails: The e-mail addresses of all members, in the roster's order.
        github: The GitHub user name, if the roster has it; of a team, the first member's.
        lines: The lines of the roster that say so.
        answers: The answers to the template's questions: the cohort's, with the student's own.
    """

    slug: str
    name: str
    emails: tuple[str, ...]
    github: str | None
    lines: tuple[int, ...]
    answers: Mapping[str, Any]


class Result(StrEnum):
    """What became of one student in a run; the values are shown to people."""

    DONE = "done"
    NOTHING_TO_DO = "nothing to do"
    CONFLICT = "conflict"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done for one student, or would be in a dry run.

    Attributes:
        slug: The student.
        result: What became of it.
        text: What was done, in a line: `pushed seedbed/v0.2.0`.
        reason: What went wrong and what to do next, in the same words for all students that it
            happened to, so that they can be counted; empty if nothing did.
        files: Of a conflict: the files that have one.
    """

    slug: str
    result: Result
    text: str
    reason: str = ""
    files: tuple[str, ...] = ()


class State(StrEnum):
    """Where a student's repository is; the values are shown to people."""

    MISSING = "missing"
    EMPTY = "empty"
    CURRENT = "current"
    BEHIND = "behind"
    UPDATE_OPEN = "update open"
    CONFLICT = "conflict"
    DIVERGED = "diverged"
    AHEAD = "ahead"
    UNREACHABLE = "unreachable"


class CheckResult(StrEnum):
    """How a student's own tests ended; the values are shown to people."""

    PASSED = "passed"
    FAILED = "failed"
    TIMED_OUT = "timed out"
    NOT_STARTED = "not started"


@dataclass(frozen=True, slots=True)
class Checked:
    """The end of a student's own tests.

    Attributes:
        result: How they ended.
        seconds: How long they took.
        output: The last lines that they wrote.
    """

    result: CheckResult
    seconds: float
    output: str


@dataclass(frozen=True, slots=True)
class Row:
    """Where one student is.

    Attributes:
        slug: The student.
        name: The student's name, or the team's.
        repository: Where the repository is, without user information.
        state: Where it is.
        reason: Why it is in this state, if the state alone does not say; empty otherwise.
        version: The template's version that `main` has; `None` if it says none.
        behind: How many versions are newer than that; `None` if it cannot be told.
        last_commit: When `main` was last committed to.
        commits: How many commits `main` has since the first one.
        activity: Commits on `main` in each of the last weeks, the oldest week first.
        branches: Branches with updates that are not in `main`.
        conflicts: Files that have a conflict on the newest of these branches.
        checked: How the student's own tests ended, if they were run.
    """

    slug: str
    name: str
    repository: str
    state: State
    reason: str = ""
    version: str | None = None
    behind: int | None = None
    last_commit: datetime | None = None
    commits: int | None = None
    activity: Sequence[int] = ()
    branches: Sequence[str] = ()
    conflicts: Sequence[str] = ()
    checked: Checked | None = None


class SeedbedError(Exception):
    """Something that ends the whole run; the message says what was wrong and what to do next."""


class UsageError(SeedbedError):
    """What the command line asks for does not exist; nothing was done."""
