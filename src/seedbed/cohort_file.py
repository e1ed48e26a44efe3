"""`cohort.toml`: its shape, and how it is read. A mistake names the line and the key."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from seedbed.addresses import checked_pattern, checked_source, is_address
from seedbed.contacts import checked_email
from seedbed.filling import placeholders
from seedbed.mistakes import Mistake, quoted
from seedbed.model import Check, Cohort, Signature
from seedbed.suggestions import did_you_mean
from seedbed.toml_errors import explained
from seedbed.toml_lines import Key, lines_of_keys
from seedbed.visible import is_plain

ROSTER = "roster.csv"
MESSAGE = "Begin from the template"
COMMAND = ("uv", "run", "pytest", "--quiet")
MINUTES = 10.0
SECONDS = 120.0

# How each key is written, for messages about one that is missing or of another type.
EXAMPLES: Mapping[Key, str] = {
    ("name",): 'name = "Backend 2026"',
    ("roster",): 'roster = "roster.csv"',
    ("template",): "[template]",
    ("template", "source"): 'source = "gh:your-org/seedbed"',
    ("template", "version"): 'version = "v0.2.0"',
    ("answers",): "[answers]",
    ("repositories",): "[repositories]",
    ("repositories", "folder"): 'folder = "repositories"',
    ("repositories", "url"): 'url = "git@host:org/{slug}.git"',
    ("commit",): "[commit]",
    ("commit", "author"): 'author = "Backend 2026 <teachers@example.org>"',
    ("commit", "date"): "date = 2026-09-01T09:00:00Z",
    ("commit", "message"): f'message = "{MESSAGE}"',
    ("check",): "[check]",
    ("check", "command"): 'command = ["uv", "run", "pytest", "--quiet"]',
    ("check", "minutes"): "minutes = 10",
    ("git",): "[git]",
    ("git", "seconds"): "seconds = 120",
}
_AUTHOR = re.compile(r"([^<>]+) <([^<>]+)>")
# What Git cuts off a name; it takes none that has nothing else.
_CUT_OFF = " .,:;<>\"\\'"
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+-]*")


@dataclass(frozen=True, slots=True)
class CohortFile:
    """What was read of a `cohort.toml`.

    Attributes:
        file: The file.
        roster: The roster that it names, even where the rest is wrong; `None` if that is unknown.
        cohort: What it says; `None` if it has mistakes.
        mistakes: Its mistakes.
        lines: The line of each key.
    """

    file: Path
    roster: Path | None = None
    cohort: Cohort | None = None
    mistakes: tuple[Mistake, ...] = ()
    lines: Mapping[Key, int] = field(default_factory=dict)

    def mistake(self, key: Key, message: str) -> Mistake:
        """A mistake at a key, or at the innermost table around it that the file has."""
        around = (key[:end] for end in range(len(key), 0, -1))
        line = next((self.lines[each] for each in around if each in self.lines), None)
        return Mistake(self.file, line, ".".join(key), message)


def read_cohort_file(file: Path) -> CohortFile:
    """Read a `cohort.toml`. Nothing that is in it raises: mistakes are part of what is returned."""
    try:
        text = file.read_bytes().decode("utf-8-sig")  # Some editors write a mark at the start.
        data = tomllib.loads(text)
    except FileNotFoundError:
        return _unreadable(
            file, "There is no such file. `seedbed init` writes one; --cohort names another."
        )
    except OSError as error:
        return _unreadable(file, f"It cannot be read: {error.strerror}.")
    except UnicodeDecodeError as error:
        # All before the wrong byte is text.
        before = error.object[: error.start]
        return _unreadable(file, "It is no text in UTF-8. Save it so.", before.count(b"\n") + 1)
    except tomllib.TOMLDecodeError as error:
        return _no_toml(file, text, str(error))
    except (RecursionError, ValueError):
        return _unreadable(file, "It has too long a number, or too many lists in lists.")
    return _read(file, data, lines_of_keys(text))


def _unreadable(file: Path, message: str, line: int | None = None) -> CohortFile:
    return CohortFile(file, mistakes=(Mistake(file, line, None, message),))


def _no_toml(file: Path, text: str, error: str) -> CohortFile:
    """A mistake of TOML's own grammar, at the place that tomllib puts into its message."""
    line, column, message = explained(text, error, date=EXAMPLES["commit", "date"])
    return CohortFile(file, mistakes=(Mistake(file, line, column, message),))


def _read(file: Path, data: Mapping[str, Any], lines: Mapping[Key, int]) -> CohortFile:
    name = data.get("roster", ROSTER)
    roster = None
    if isinstance(name, str) and name and is_plain(name):
        roster = file.parent / _at_home(name)
    read = CohortFile(file, roster, lines=lines)
    try:
        contents = _Contents.model_validate(data)
    except ValidationError as error:
        mistakes = tuple(_mistake(read, problem) for problem in error.errors(include_url=False))
        return CohortFile(file, roster, None, mistakes, lines)
    return CohortFile(file, roster, contents.cohort(file.absolute().parent), (), lines)


# -- The shape ------------------------------------------------------------------------------------


def _line(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty.")
    if not is_plain(text):
        raise ValueError("must be one line of characters that can be seen.")
    return text.strip()


def _folder(text: str) -> str:
    if is_address(text):
        raise ValueError(
            "is an address. Write it as `url`, with {slug} in it; `folder` is for here."
        )
    if "{" in text:
        raise ValueError(
            "has a brace. It is one folder that holds all repositories, each under its slug."
        )
    return text


def _version(text: str) -> str:
    if not _VERSION.fullmatch(text):
        raise ValueError(f"{quoted(text)} is no version. Write a tag of the template, like v0.2.0.")
    return text


def _author(text: str) -> str:
    if not (found := _AUTHOR.fullmatch(text)):
        raise ValueError("must be a name and an address, like Backend 2026 <teachers@example.org>.")
    if not found[1].strip(_CUT_OFF):
        raise ValueError(f"has no name that Git takes: {quoted(found[1])}. Write a word.")
    checked_email(found[2])
    return text


def _begun(begun: datetime) -> datetime:
    if begun.tzinfo is None:
        zoned = f"{begun.replace(microsecond=0).isoformat()}Z"
        raise ValueError(f"has no time zone. Write it like `{zoned}`.")
    if begun < datetime(1970, 1, 2, tzinfo=UTC):
        raise ValueError("is before 1970, which Git cannot hold.")
    return begun


def _message(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty.")
    if not all(is_plain(line) for line in text.split("\n")):
        raise ValueError("has a character that cannot be seen.")
    return text


def _command(command: list[str]) -> list[str]:
    if not command or not command[0].strip():
        raise ValueError("must begin with the name of a program.")
    if any("\0" in word for word in command):
        raise ValueError("has a character that no command can have.")
    return command


def _answer(value: Any) -> Any:
    """An answer that Copier can be given, with known placeholders."""
    match value:
        case str():
            placeholders(value)
        case list():
            for each in value:
                _answer(each)
        case dict():
            for each in value.values():
                _answer(each)
        case datetime() | date() | time():
            raise ValueError("is a date or time. Write it in quotes, as the template asks for it.")
    return value


Line = Annotated[str, AfterValidator(_line)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Template(_Table):
    source: Annotated[Line, AfterValidator(checked_source)]
    version: Annotated[str, AfterValidator(_version)]


class _Repositories(_Table):
    folder: Annotated[Line, AfterValidator(_folder)] | None = None
    url: Annotated[str, AfterValidator(checked_pattern)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.folder is None) == (self.url is None):
            raise ValueError(
                "must have one of two: `folder` for bare repositories here, or `url` for a server."
            )
        return self


class _Commit(_Table):
    author: Annotated[Line, AfterValidator(_author)]
    date: Annotated[datetime, AfterValidator(_begun)]
    message: Annotated[str, AfterValidator(_message)] = MESSAGE


class _Check(_Table):
    command: Annotated[list[str], AfterValidator(_command)] = list(COMMAND)
    minutes: Annotated[float, Field(gt=0, le=1440, allow_inf_nan=False)] = MINUTES


class _Git(_Table):
    seconds: Annotated[float, Field(gt=0, le=86400, allow_inf_nan=False)] = SECONDS


class _Contents(_Table):
    name: Line
    roster: Line = ROSTER
    template: _Template
    answers: dict[str, Annotated[Any, AfterValidator(_answer)]] = {}
    repositories: _Repositories
    commit: _Commit
    check: _Check = _Check()
    git: _Git = _Git()

    def cohort(self, folder: Path) -> Cohort:
        author, _, email = self.commit.author.removesuffix(">").partition(" <")
        to = self.repositories
        return Cohort(
            name=self.name,
            folder=folder,
            template=self.template.source,
            version=self.template.version,
            roster=folder / _at_home(self.roster),
            answers=self.answers,
            repositories=folder / _at_home(to.folder) if to.folder is not None else to.url or "",
            author=Signature(author, email),
            begun=self.commit.date,
            message=self.commit.message,
            check=Check(tuple(self.check.command), self.check.minutes * 60),
            seconds=self.git.seconds,
        )


def _at_home(path: str) -> str:
    """`~/roster.csv` as in a shell; unlike pathlib, as it is where there is no such user."""
    return os.path.expanduser(path)


# -- What is said of mistakes ---------------------------------------------------------------------

_EXPLAINED: Mapping[str, str] = {
    "missing": "is missing.",
    "string_type": "must be text in quotes.",
    "list_type": "must be a list of texts in square brackets.",
    "dict_type": "must be a table.",
    "model_type": "must be a table.",
    "datetime_type": "must be a date with time and time zone, without quotes.",
    "float_type": "must be a number without quotes.",
    "finite_number": "must be a number that ends.",
}


def _mistake(read: CohortFile, problem: ErrorDetails) -> Mistake:
    key = tuple(part for part in problem["loc"] if isinstance(part, str))
    items = [f"Item {part + 1} " for part in problem["loc"] if isinstance(part, int)]
    return read.mistake(key, "".join(items) + _explained(key, problem))


def _explained(key: Key, problem: ErrorDetails) -> str:
    """Pydantic's kinds of error, in the words of a `cohort.toml`."""
    kind = problem["type"]
    if kind == "value_error":
        return str(problem["ctx"]["error"])
    if kind == "extra_forbidden":
        known = [each[-1] for each in EXAMPLES if each[:-1] == key[:-1]]
        return f"There is no such key here. {did_you_mean(key[-1], known)}"
    if kind in {"greater_than", "less_than_equal"}:
        limit = next(iter(problem["ctx"].values()))
        than = "more than" if kind == "greater_than" else "at most"
        return f"must be {than} {limit:g}."
    example = f" Write it like `{EXAMPLES[key]}`." if key in EXAMPLES else ""
    return _EXPLAINED.get(kind, str(problem["msg"])) + example
