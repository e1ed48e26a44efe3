"""Keys of tasks: `WEB-12` is task 12 of the project WEB."""

import re
from typing import Annotated, NamedTuple

from fastapi import Path
from pydantic import StringConstraints

from app.core.text import TextRule
from app.projects.keys import PROJECT_KEY_PATTERN

_PATTERN = f"{PROJECT_KEY_PATTERN}-[1-9][0-9]{{0,8}}"

AnyTaskKey = Annotated[
    str,
    StringConstraints(max_length=20),
    TextRule(f"^{_PATTERN}$", "must be a key such as WEB-12"),
]
"""The key of a task, wherever it stands."""

TaskKey = Annotated[
    str, Path(description="The key of a task.", examples=["WEB-12"]), *AnyTaskKey.__metadata__
]
"""The key of a task in a path."""


class SplitKey(NamedTuple):
    """What a task's key is made of."""

    project: str
    number: int


def split_key(key: str) -> SplitKey:
    """Take a key apart."""
    project, _, number = key.rpartition("-")
    return SplitKey(project, int(number))


def find_key(text: str) -> SplitKey | None:
    """Take a key apart that somebody typed, in capitals or not; none if it is no key."""
    key = text.strip().upper()
    return split_key(key) if re.fullmatch(_PATTERN, key) else None


def task_key(project: str, number: int) -> str:
    """Put a key together."""
    return f"{project}-{number}"
