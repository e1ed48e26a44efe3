"""A small template's questions, and files of a cohort, for tests of how these are read."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from seedbed.enrolment import load
from seedbed.mistakes import Mistake, MistakesError
from seedbed.model import Cohort, Student

COHORT = """\
name = "Backend 2026"
[template]
source = "gh:your-org/seedbed"
version = "v0.2.0"
[answers]
project = "blog-api"
user_name = "{name}"
[repositories]
folder = "repositories"
[commit]
author = "Backend 2026 <teachers@example.org>"
date = 2026-09-01T09:00:00Z
"""
ROSTER = """\
name,email
Ada Lovelace,ada@example.org
"""


class Asking:
    """A template that asks for a few things; a web project needs a framework."""

    names = frozenset(
        {"project", "project_name", "project_slug", "user_name", "user_email", "github_user"}
    )

    def refused(self, answers: Mapping[str, Any]) -> Mapping[str, str]:
        refused = {}
        if answers.get("project") not in {"blog-api", "task-manager", None}:
            refused["project"] = "Invalid choice"
        if "{" in answers.get("user_name", ""):
            refused["user_name"] = "Type a name without template marks."
        slug = answers.get("project_slug", "a")
        if not re.fullmatch("[a-z][a-z0-9-]*", slug):
            refused["project_slug"] = "Type a short name."
        if slug == "tasks" and answers.get("project") == "task-manager":
            refused["project_slug"] = "Type another short name."
        return refused


def write(folder: Path, *, cohort: str = COHORT, roster: str | bytes = ROSTER) -> Path:
    """Put both files into a folder, and return the cohort's."""
    (folder / "roster.csv").write_bytes(roster.encode() if isinstance(roster, str) else roster)
    file = folder / "cohort.toml"
    file.write_text(cohort)
    return file


def students(folder: Path, *, cohort: str = COHORT, roster: str | bytes = ROSTER) -> list[Student]:
    """The students that both files give."""
    return list(load(write(folder, cohort=cohort, roster=roster), _asking)[1])


def mistakes(folder: Path, *, cohort: str = COHORT, roster: str | bytes = ROSTER) -> list[str]:
    """The mistakes of both files, each on one line, without the folder."""
    try:
        students(folder, cohort=cohort, roster=roster)
    except MistakesError as error:
        return [told(folder, mistake) for mistake in error.mistakes]
    return []


def told(folder: Path, mistake: Mistake) -> str:
    """A mistake on its line, without the folder."""
    return str(mistake).removeprefix(f"{folder}/")


def _asking(_: Cohort) -> Asking:
    return Asking()
