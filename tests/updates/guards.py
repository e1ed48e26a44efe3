"""What would make updates worse, found by comparing a release with what is to be the next."""

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from tests.updates.ownership import owner_of

# What may change without a word: how a question is put, and whether it is put at all as long as its
# answer is kept.
UNIMPORTANT = frozenset({"help", "placeholder", "ask"})
ANSWERS = ".copier-answers.yml"
# Which projects there are is no answer of anybody's.
NOT_ANSWERED = frozenset({"projects", "project"})

Questions = Mapping[str, Mapping[str, Any]]


def lost_questions(then: Questions, now: Questions) -> list[str]:
    """Questions that are not asked any more: their answers are forgotten."""
    return sorted(then.keys() - now.keys())


def changed_questions(then: Questions, now: Questions) -> list[str]:
    """Questions that mean something else: an answer that was never given is the default."""
    return sorted(
        name
        for name in then.keys() & now.keys() - NOT_ANSWERED
        if any(
            then[name].get(aspect) != now[name].get(aspect)
            for aspect in (then[name].keys() | now[name].keys()) - UNIMPORTANT
        )
    )


def changed_answers(then: Mapping[str, bytes], now: Mapping[str, bytes]) -> list[str]:
    """Answers that who says nothing gets otherwise, or that are not kept any more."""
    before, after = (yaml.safe_load(each[ANSWERS]) for each in (then, now))
    return sorted(
        name for name in before if not name.startswith("_") and before[name] != after.get(name)
    )


def lost_projects(then: Questions, now: Questions) -> list[str]:
    """Projects that cannot be chosen any more: those that there are cannot be updated."""
    before, after = (set(each["project"]["choices"].values()) for each in (then, now))
    return sorted(before - after)


def lost_paths(then: Mapping[str, bytes], now: Mapping[str, bytes]) -> list[str]:
    """Files that an update deletes, also where the learner has changed them."""
    return sorted(then.keys() - now.keys())


def rewritten_migrations(then: Mapping[str, bytes], now: Mapping[str, bytes]) -> list[str]:
    """Migrations that were released, and so applied somewhere, and are not what they were."""
    return sorted(path for path in then if is_migration(path) and now.get(path) != then[path])


def moved_files(paths: Iterable[str], before: str, rules: str) -> list[str]:
    """Files that have another owner than they had.

    Args:
        paths: Files that were there, and still are.
        before: The text of ownership.toml then.
        rules: Its text now.
    """
    return sorted(path for path in paths if owner_of(path, before) != owner_of(path, rules))


def is_migration(path: str) -> bool:
    """Whether a file is a step of a database's tables, with a number."""
    folder, _, name = path.rpartition("/")
    return "/migrations" in folder and name[:4].isdigit() and name.endswith(".py")


def untold(names: list[str], changelog: str) -> list[str]:
    """Those that nothing is said of, in backticks, to people who update.

    Args:
        names: What has changed.
        changelog: The text of CHANGELOG.md.
    """
    unreleased = changelog.split("\n## [")[1]
    told = unreleased.partition("### For existing projects")[2].partition("\n### ")[0]
    return unnamed(names, [told])


def unnamed(names: list[str], texts: Iterable[str]) -> list[str]:
    """Those that no text names in backticks."""
    told = "\n".join(texts)
    return [name for name in names if f"`{name}`" not in told]
