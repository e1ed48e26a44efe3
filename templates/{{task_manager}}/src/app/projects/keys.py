"""Keys of projects: short, and the first part of the keys of their tasks."""

from typing import Annotated

from fastapi import Path
from pydantic import StringConstraints

from app.core.text import TextRule
from app.projects.models import KEY_LENGTH

PROJECT_KEY_PATTERN = f"[A-Z][A-Z0-9]{{1,{KEY_LENGTH - 1}}}"

AnyProjectKey = Annotated[
    str,
    StringConstraints(max_length=KEY_LENGTH),
    TextRule(
        f"^{PROJECT_KEY_PATTERN}$",
        f"must be 2 to {KEY_LENGTH} capital letters and digits, a letter first, such as WEB",
    ),
]
"""The key of a project, wherever it stands."""

ProjectKey = Annotated[
    str, Path(description="The key of a project.", examples=["WEB"]), *AnyProjectKey.__metadata__
]
"""The key of a project in a path."""
