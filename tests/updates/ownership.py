"""Who owns which file of a generated project, as ownership.toml has it."""

import re
import tomllib
from collections.abc import Sequence

RULES = "ownership.toml"


def owner_of(path: str, rules: str) -> str:
    """Who owns a file.

    Args:
        path: The file's path in a generated project.
        rules: The text of ownership.toml.
    """
    for each in tomllib.loads(rules)["files"]:
        if any(_fits(path, pattern) for pattern in each["paths"]):
            return str(each["owner"])
    raise AssertionError(f"{RULES} does not say who owns {path}")


def patterns_of(owner: str, rules: str) -> Sequence[str]:
    """The patterns of an owner's files."""
    found = [each["paths"] for each in tomllib.loads(rules)["files"] if each["owner"] == owner]
    return [pattern for patterns in found for pattern in patterns]


def _fits(path: str, pattern: str) -> bool:
    # As in .gitignore, and so as in copier.yml: * stays within a folder, and ** does not.
    parts = re.split(r"(\*\*|\*)", pattern)
    expression = "".join({"**": ".*", "*": "[^/]*"}.get(part, re.escape(part)) for part in parts)
    return re.fullmatch(expression, path) is not None
