"""A change of the template that would make updates worse is found before it is released.

What was released last is compared with the working tree. What is meant has to be told, where people
who update will read it: then it passes. `tests/template` has the rules that need no release: that
every question has a default, that nothing asks to be trusted, that the same answers give the same
bytes.
"""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support import QUESTIONS, REPOSITORY, copy_project, git, tree
from tests.updates import guards
from tests.updates.guards import ANSWERS
from tests.updates.history import NEXT, releases
from tests.updates.ownership import RULES, owner_of, patterns_of

LAST = releases()[-1]
DECISIONS = REPOSITORY / "docs" / "decisions"
CHANGELOG = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")

Trees = tuple[dict[str, bytes], dict[str, bytes]]


@cache
def at_release(path: str) -> str:
    """A file of this repository, as it was at the newest release."""
    return git(REPOSITORY, "show", f"{LAST.commit}:{path}")


def asked(text: str) -> dict[str, Any]:
    """The questions in a text of copier.yml."""
    found: dict[str, Any] = yaml.safe_load(text)
    return {name: each for name, each in found.items() if not name.startswith("_")}


THEN = asked(at_release("copier.yml"))
NOW = asked((REPOSITORY / "copier.yml").read_text(encoding="utf-8"))


def test_no_question_is_lost_or_changed_untold() -> None:
    assert guards.untold(guards.lost_questions(THEN, NOW), CHANGELOG) == []
    assert guards.untold(guards.changed_questions(THEN, NOW), CHANGELOG) == []


def test_no_question_is_lost_without_a_decision_record() -> None:
    listed = git(REPOSITORY, "ls-tree", "--name-only", LAST.commit, "docs/decisions/").split()
    new = [path for path in DECISIONS.glob("*.md") if f"docs/decisions/{path.name}" not in listed]
    records = [path.read_text(encoding="utf-8") for path in new]
    assert guards.unnamed(guards.lost_questions(THEN, NOW), records) == []


def test_projects_that_were_released_can_still_be_updated() -> None:
    assert guards.lost_projects(THEN, NOW) == []


@pytest.fixture(scope="module")
def trees(history: Path, project_name: str, tmp_path_factory: pytest.TempPathFactory) -> Trees:
    """What a project consisted of at the newest release, and what it consists of now."""
    parent = tmp_path_factory.mktemp("both")
    now = tree(copy_project(history, parent / "now", project_name, version=NEXT))
    if project_name not in LAST.projects:
        return {}, now
    return tree(copy_project(history, parent / "then", project_name, version=LAST.tag)), now


def test_no_file_is_lost_untold_and_no_released_migration_is_rewritten(trees: Trees) -> None:
    assert guards.untold(guards.lost_paths(*trees), CHANGELOG) == []
    assert guards.rewritten_migrations(*trees) == []


def test_no_default_changes_and_no_answer_is_forgotten_untold(trees: Trees) -> None:
    then, now = trees
    if then:
        assert guards.untold(guards.changed_answers(then, now), CHANGELOG) == []


def test_every_file_has_an_owner_and_none_changes_it_untold(trees: Trees) -> None:
    then, now = trees
    rules = (REPOSITORY / RULES).read_text(encoding="utf-8")
    owners = {path: owner_of(path, rules) for path in now}
    assert set(owners.values()) <= {"template", "both", "learner"}
    moved = guards.moved_files(then.keys() & now, at_release(RULES), rules)
    assert guards.untold(moved, CHANGELOG) == []


def test_what_is_the_learners_copier_leaves_alone() -> None:
    rules = (REPOSITORY / RULES).read_text(encoding="utf-8")
    assert patterns_of("learner", rules) == QUESTIONS["_skip_if_exists"]


# What follows breaks something on purpose: the guards above find it, and would not be silent.


def test_a_removed_question_is_found() -> None:
    now = {name: each for name, each in NOW.items() if name != "license"}
    assert guards.lost_questions(NOW, now) == ["license"]


@pytest.mark.parametrize(
    ("aspect", "value"),
    [
        ("default", "Apache-2.0"),
        ("type", "bool"),
        ("choices", {"MIT": "MIT"}),
        ("validator", "{% if license %}No.{% endif %}"),
        ("when", False),
        ("secret", True),
        ("multiselect", True),
    ],
)
def test_a_changed_question_is_found(aspect: str, value: object) -> None:
    now = {**NOW, "license": {**NOW["license"], aspect: value}}
    assert guards.changed_questions(NOW, now) == ["license"]


def test_how_a_question_is_put_may_change() -> None:
    now = {**NOW, "license": {**NOW["license"], "help": "Whose may it be?"}}
    assert guards.changed_questions(NOW, now) == []


def test_a_changed_default_and_a_forgotten_answer_are_found() -> None:
    then = {ANSWERS: b"_commit: v1.0.0\nlicense: MIT\nname: A\npython: '3.13'\n"}
    now = {ANSWERS: b"_commit: v1.1.0\nlicense: MIT\nname: B\nadded: C\n"}
    assert guards.changed_answers(then, now) == ["name", "python"]


def test_a_question_that_no_record_names_is_found() -> None:
    assert guards.unnamed(["license", "name"], ["The `license` is MIT.", "A name"]) == ["name"]


def test_a_file_that_moved_to_another_owner_is_found() -> None:
    before = '[[files]]\nowner = "both"\npaths = ["src/**"]\n'
    rules = '[[files]]\nowner = "learner"\npaths = ["src/a.py"]\n' + before
    assert guards.moved_files(["src/a.py", "src/b.py"], before, rules) == ["src/a.py"]


def test_a_project_that_is_not_offered_any_more_is_found() -> None:
    choices = {"Blog": "blog-api"}
    now = {**NOW, "project": {**NOW["project"], "choices": choices}}
    assert "file-organizer" in guards.lost_projects(NOW, now)
    assert "blog-api" not in guards.lost_projects(NOW, now)


def test_a_renamed_file_is_found() -> None:
    then = {"README.md": b"a", "docs/old.md": b"b"}
    assert guards.lost_paths(then, {"README.md": b"a", "docs/new.md": b"b"}) == ["docs/old.md"]


@pytest.mark.parametrize(
    "path",
    ["src/app/migrations/versions/0001_users.py", "src/app/orders/migrations/0002_more.py"],
)
def test_a_rewritten_migration_is_found(path: str) -> None:
    then = {path: b"a", "src/app/migrations/env.py": b"a", "src/app/migrations/__init__.py": b""}
    assert guards.rewritten_migrations(then, {**then, path: b"b"}) == [path]
    assert guards.rewritten_migrations(then, {**then, "src/app/migrations/env.py": b"b"}) == []


def test_what_is_told_to_those_who_update_passes() -> None:
    changelog = (
        "# Changelog\n\n## [Unreleased]\n\n### Removed\n\n- `elsewhere`\n\n"
        "### For existing projects\n\n- `license` is asked no more.\n\n## [0.1.0]\n\n- `older`\n"
    )
    assert guards.untold(["license", "elsewhere", "older"], changelog) == ["elsewhere", "older"]


def test_a_file_without_an_owner_is_found() -> None:
    rules = '[[files]]\nowner = "both"\npaths = ["src/**", "docs/*.md"]\n'
    assert owner_of("src/app/main.py", rules) == owner_of("docs/a.md", rules) == "both"
    for path in ("README.md", "docs/decisions/a.md"):
        with pytest.raises(AssertionError, match="does not say who owns"):
            owner_of(path, rules)
