"""Releasing a version, in a scratch clone."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support import PROJECTS, REPOSITORY, commit_all, git, put_working_tree

PROGRAM = REPOSITORY / "tools" / "release.py"
CHANGELOG = """\
# Changelog

## [Unreleased]

### Added

- Something.

### For existing projects

Nothing.

## [0.1.0] - 2026-11-27

- The first.
"""


@pytest.fixture
def clone(tmp_path: Path, own_settings_kept_out: None) -> Path:  # noqa: ARG001
    """A repository whose version 0.1.0 was released, and in which something has changed since."""
    folder = tmp_path / "clone"
    folder.mkdir()
    put_working_tree(folder)
    (folder / "releases.toml").write_text(
        '[[release]]\nversion = "0.1.0"\ncommit = "x"\nprojects = []\n'
    )
    (folder / "CHANGELOG.md").write_text(CHANGELOG)
    commit_all(folder, "As it stands")
    return folder


def release(clone: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Release a version."""
    command = [sys.executable, str(PROGRAM), *words]
    return subprocess.run(command, cwd=clone, check=False, capture_output=True, text=True)


def test_a_release_is_written_committed_tagged_and_noted(clone: Path) -> None:
    done = release(clone, "0.2.0")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Released 0.2.0. Look at it, then: git push origin main v0.2.0\n"
    tagged = git(clone, "rev-parse", "v0.2.0^{commit}").strip()
    assert tagged == git(clone, "rev-parse", "HEAD~1").strip()
    project = tomllib.loads(git(clone, "show", "v0.2.0:pyproject.toml"))["project"]
    assert project["version"] == "0.2.0"
    changelog = git(clone, "show", "v0.2.0:CHANGELOG.md")
    begin, _, rest = changelog.partition("## [0.2.0] - ")
    assert begin == "# Changelog\n\n## [Unreleased]\n\n"
    assert rest[10:] == "\n" + CHANGELOG.partition("[Unreleased]\n")[2]
    noted = tomllib.loads((clone / "releases.toml").read_text())["release"]
    assert noted[1] == {"version": "0.2.0", "commit": tagged, "projects": list(PROJECTS)}
    assert git(clone, "status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "Name the version: nox -s release -- 0.2.0"),
        (("0.2.0", "0.3.0"), "Name the version: nox -s release -- 0.2.0"),
        (("0.2",), "0.2 is no version such as 0.2.0."),
        (("v0.2.0",), "v0.2.0 is no version such as 0.2.0."),
        (("0.02.0",), "0.02.0 is no version such as 0.2.0."),
        (("0.1.0",), "0.1.0 is no newer than 0.1.0, which was released."),
        (("0.0.9",), "0.0.9 is no newer than 0.1.0, which was released."),
        (("--check", "0.0.9"), "0.0.9 is no newer than 0.1.0, which was released."),
    ],
)
def test_a_version_that_cannot_be_next_is_refused(
    clone: Path, words: tuple[str, ...], message: str
) -> None:
    assert_refused(clone, words, message)


def test_what_is_not_committed_is_not_released(clone: Path) -> None:
    (clone / "new").write_text("new\n")
    assert_refused(
        clone, ("0.2.0",), "There are changes that are not committed. Commit them first."
    )


def test_a_branch_is_not_released(clone: Path) -> None:
    git(clone, "switch", "--quiet", "--create", "trial")
    assert_refused(clone, ("0.2.0",), "This is the branch trial. Releases are made on main.")


@pytest.mark.parametrize("left", ["", "### For existing projects\n\n### Fixed\n\n- A bug.\n\n"])
def test_a_release_says_what_an_update_means(clone: Path, left: str) -> None:
    text = CHANGELOG.replace("### For existing projects\n\nNothing.\n\n", left)
    (clone / "CHANGELOG.md").write_text(text)
    commit_all(clone, "Less to read")
    assert_refused(
        clone,
        ("0.2.0",),
        'CHANGELOG.md says nothing under [Unreleased], "### For existing projects". Say there what'
        " an update means for projects that there are, even if that is nothing.",
    )


def test_a_release_says_what_has_changed(clone: Path) -> None:
    (clone / "CHANGELOG.md").write_text("# Changelog\n\n## [Unreleased]\n\n## [0.1.0]\n\n- x\n")
    commit_all(clone, "Nothing to read")
    assert_refused(
        clone,
        ("0.2.0",),
        "CHANGELOG.md says nothing under [Unreleased]. Say what has changed.",
    )


@pytest.mark.parametrize(
    ("now", "message"),
    [
        ('version = "0.3.0.dev0"', "pyproject.toml has the version 0.3.0.dev0, newer than 0.2.0."),
        ("", 'pyproject.toml has no line such as version = "0.2.0". Add it.'),
    ],
)
def test_pyproject_has_a_version_that_the_release_can_follow(
    clone: Path, now: str, message: str
) -> None:
    project = clone / "pyproject.toml"
    text, count = re.subn(r'^version = ".*"$', now, project.read_text(), flags=re.MULTILINE)
    assert count == 1
    project.write_text(text)
    commit_all(clone, "Another version")
    assert_refused(clone, ("0.2.0",), message)


def test_a_tag_that_is_no_release_is_not_moved(clone: Path) -> None:
    git(clone, "tag", "v0.2.0")
    assert_refused(
        clone,
        ("0.2.0",),
        "There is a tag v0.2.0, which releases.toml does not know. If a release was interrupted,"
        " CONTRIBUTING.md says how to take it back.",
    )


@pytest.mark.parametrize("refused", ["Release", "Note"])
def test_a_release_that_a_hook_refuses_half_way_is_taken_back(clone: Path, refused: str) -> None:
    hook = clone / ".git" / "hooks" / "commit-msg"
    hook.write_text(f'#!/bin/sh\nif grep -q "^{refused}" "$1"; then echo Not today.; exit 1; fi\n')
    hook.chmod(0o755)
    assert_refused(clone, ("0.2.0",), "git commit failed: Not today.")
    hook.unlink()
    assert release(clone, "0.2.0").returncode == 0


def test_whether_all_is_in_place_can_be_asked_before_the_long_proofs(clone: Path) -> None:
    before = state(clone)
    done = release(clone, "--check", "0.2.0")
    assert (done.returncode, done.stdout, done.stderr) == (0, "All is in place for 0.2.0.\n", "")
    assert state(clone) == before


def state(clone: Path) -> tuple[str, ...]:
    return (
        git(clone, "rev-parse", "HEAD"),
        git(clone, "status", "--porcelain"),
        git(clone, "for-each-ref"),
    )


def assert_refused(clone: Path, words: tuple[str, ...], message: str) -> None:
    before = state(clone)
    done = release(clone, *words)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"error: {message}\n")
    assert state(clone) == before
