"""What a student's history says: which version of the template it has, and what it began with."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from seedbed.git import git
from seedbed.importing import blob_id
from seedbed.model import SeedbedError
from seedbed.rendering import ANSWERS_FILE
from seedbed.store import entries_of
from seedbed.tools import Tools

_LARGEST = 64 * 1024
"""No answers file is larger: Copier writes a few lines."""


class NotFromTemplateError(SeedbedError):
    """A branch does not say which version of the template it has; the message says why."""


@dataclass(frozen=True, slots=True)
class Answers:
    """A project's answers file.

    Attributes:
        object_id: The id of its content.
        content: Its content.
        version: The tag of the template's version that it names.
        values: The answers.
    """

    object_id: str
    content: bytes
    version: str
    values: dict[str, Any]


def answers_at(tools: Tools, repository: Path, commit: str) -> Answers:
    """Read the answers file of a commit.

    Raises:
        NotFromTemplateError: There is none, Copier did not write it, or it names no version.
    """
    seconds = tools.store.seconds
    place = f"{commit}:{ANSWERS_FILE}"
    checked = git(
        repository, "cat-file", "--batch-check", seconds=seconds, stdin=f"{place}\n".encode()
    )
    words = checked.decode(errors="replace").split()
    if words[-1] == "missing":
        raise NotFromTemplateError(
            f"{ANSWERS_FILE} was deleted: put it back (git log --all -- {ANSWERS_FILE} finds it)"
        )
    object_id, kind, size = words
    if kind != "blob" or int(size) > _LARGEST:
        raise NotFromTemplateError(f"{ANSWERS_FILE} is not the file that Copier wrote: put it back")
    content = git(repository, "cat-file", "blob", object_id, seconds=seconds)
    values = _parsed(content)
    named = values.get("_commit")
    if not isinstance(named, str) or named not in tools.template.versions:
        raise NotFromTemplateError(
            f"{ANSWERS_FILE} names no released version of the template: put its _commit back"
        )
    answers = {name: value for name, value in values.items() if not name.startswith("_")}
    return Answers(object_id, content, named, answers)


def contains(repository: Path, commit: str, earlier: str, *, seconds: float) -> bool:
    """Whether a commit is an earlier one, or comes from it."""
    # Not by a walk that ends at a date: a cohort's date, or a student's clock, may be a week ahead.
    words = ("merge-base", earlier, commit)
    return git(repository, *words, seconds=seconds, expected=(0, 1)).decode().strip() == earlier


def start_of(tools: Tools, repository: Path, commit: str, slug: str) -> str | None:
    """The commit that a student's project began with, if a commit of theirs comes from it.

    The store is told of one that it does not know: it may have been lost, or another machine may
    have seeded first, with other answers.
    """
    start, seconds = tools.store.start(slug), tools.store.seconds
    if start is not None and contains(repository, commit, start, seconds=seconds):
        return start
    found = _found_start(tools, repository, commit, slug)
    if found is None:
        return None
    if start is not None:
        words = ("rev-parse", f"{start}^{{tree}}", f"{found}^{{tree}}")
        known, new = git(repository, *words, seconds=seconds).split()
        # The same files in another commit: the history was rewritten from its beginning.
        if known == new:
            return None
    tools.store.adopt(slug, found, repository)
    return found


def _found_start(tools: Tools, repository: Path, commit: str, slug: str) -> str | None:
    """Find the commit that a student's project began with, when the store does not know it.

    It is a first commit whose files are, byte for byte, what its own answers file makes of the
    template: nobody has to be believed for that. That file itself says where the template was then.
    """
    seconds = tools.store.seconds
    roots = (
        git(repository, "rev-list", "--max-parents=0", commit, "--", seconds=seconds)
        .decode()
        .split()
    )
    for root in roots:
        try:
            answers = answers_at(tools, repository, root)
            rendering = tools.renderer(answers.version).render_again(slug, answers.content, {})
        except SeedbedError:
            continue
        there = {
            path: (entry.mode, entry.object_id)
            for path, entry in entries_of(repository, root, seconds=seconds).items()
            if path != ANSWERS_FILE
        }
        if there == {
            path: (file.mode, blob_id(file.content))
            for path, file in rendering.files.items()
            if path != ANSWERS_FILE
        }:
            return root
    return None


def _parsed(content: bytes) -> dict[str, Any]:
    """Read an answers file, which may have been changed by anybody."""
    refused = NotFromTemplateError(f"{ANSWERS_FILE} is not the file that Copier wrote: put it back")
    try:
        # A few lines of aliases can stand for gigabytes. Copier writes none.
        if any(
            isinstance(event, yaml.AliasEvent) for event in yaml.parse(content, yaml.SafeLoader)
        ):
            raise refused
        values = yaml.safe_load(content)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise refused from error
    if not isinstance(values, dict) or not all(isinstance(name, str) for name in values):
        raise refused
    return values
