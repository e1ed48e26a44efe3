"""What would make updates worse, found by comparing a release with what is to be the next."""

from collections.abc import Mapping
from typing import Any

ASPECTS = ("default", "type", "choices", "validator")
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
        if any(then[name].get(aspect) != now[name].get(aspect) for aspect in ASPECTS)
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
    return [name for name in names if f"`{name}`" not in told]
