"""A learner's project, begun at a released version and changed since, gets the newest one."""

import shutil
from pathlib import Path

import pytest

from tests.support import commit_all, copy_project, git, run, tree
from tests.updates.history import NEXT, unmerged, update
from tests.updates.learner import UNWANTED, edit


@pytest.fixture(scope="module")
def fresh(history: Path, project_name: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as somebody gets it who begins today and does the same as the learner."""
    parent = tmp_path_factory.mktemp("fresh")
    folder = copy_project(history, parent, project_name, version=NEXT)
    edit(folder, project_name)
    return folder


@pytest.fixture(scope="module")
def updated(
    history: Path, project_name: str, begun_at: str, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A learner's project, begun at a released version, changed, and updated."""
    parent = tmp_path_factory.mktemp("mine")
    folder = copy_project(history, parent, project_name, version=begun_at)
    edit(folder, project_name)
    commit_all(folder, "My work")
    update(folder)
    return folder


def test_nothing_conflicts_with_what_the_learner_did(updated: Path) -> None:
    assert unmerged(updated) == []
    assert [path for path in tree(updated) if path.endswith((".orig", ".rej"))] == []


def test_the_result_is_a_fresh_project_in_which_the_learner_did_the_same(
    updated: Path, fresh: Path
) -> None:
    assert tree(updated) == tree(fresh)


def test_a_file_that_the_learner_deleted_stays_deleted(updated: Path) -> None:
    assert not (updated / UNWANTED).exists()


def test_updating_again_changes_nothing(updated: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    shutil.copytree(updated, again)
    commit_all(again, "Updated")
    before = tree(again)
    update(again)
    assert tree(again) == before
    assert git(again, "status", "--porcelain") == ""


def test_the_updated_project_passes_its_own_checks(updated: Path) -> None:
    run(["uv", "sync", "--quiet"], cwd=updated)
    for check in (
        ("ruff", "check", "--quiet"),
        ("ruff", "format", "--check", "--quiet"),
        ("mypy",),
        ("pytest", "--quiet"),
    ):
        run(["uv", "run", "--quiet", *check], cwd=updated)
