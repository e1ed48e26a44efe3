"""Keys of tasks: `WEB-12` is task 12 of the project WEB."""

from typing import Annotated, NamedTuple

from fastapi import Path
from pydantic import StringConstraints

from app.core.text import TextRule
from app.projects.keys import PROJECT_KEY_PATTERN

AnyTaskKey = Annotated[
    str,
    StringConstraints(max_length=20),
    TextRule(f"^{PROJECT_KEY_PATTERN}-[1-9][0-9]{{0,8}}$", "must be a key such as WEB-12"),
]
"""The key of a task, wherever it stands."""

TaskKey = Annotated[
    str, Path(description="The key of a task.", examples=["WEB-12"]), *AnyTaskKey.__metadata__
]
"""The key of a task in a path."""


class Parts(NamedTuple):
    """What a task's key is made of."""

    project: str
    number: int


def parts_of(key: str) -> Parts:
    """Take a key apart."""
    project, _, number = key.rpartition("-")
    return Parts(project, int(number))


def task_key(project: str, number: int) -> str:
    """Put a key together."""
    return f"{project}-{number}"
