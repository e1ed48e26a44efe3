"""Versions of the template: those that were released, and those that a test makes up."""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support import REPOSITORY, commit_all, git, put_working_tree, run

RELEASES = REPOSITORY / "releases.toml"
NEXT = "v99.0.0"
"""The version that the working tree is given: newer than any that was released."""


@dataclass(frozen=True, slots=True)
class Release:
    """A version that was released.

    Attributes:
        version: Its number, such as `0.1.0`.
        commit: The commit that was tagged.
        projects: The projects that it had.
    """

    version: str
    commit: str
    projects: tuple[str, ...]

    @property
    def tag(self) -> str:
        """Its tag."""
        return f"v{self.version}"


def releases() -> Sequence[Release]:
    """All versions that were released, the oldest first."""
    entries = tomllib.loads(RELEASES.read_text(encoding="utf-8"))["release"]
    return [Release(each["version"], each["commit"], tuple(each["projects"])) for each in entries]


def template_with_history(folder: Path) -> Path:
    """Make a repository that has every released version, and the working tree as the next one.

    Args:
        folder: Where to make it; it must not exist.

    Returns:
        The folder.

    Raises:
        AssertionError: This clone does not have the commit of a release.
    """
    git(REPOSITORY, "clone", "--quiet", "--no-tags", str(REPOSITORY), str(folder))
    for release in releases():
        known = subprocess.run(
            ["git", "cat-file", "-e", f"{release.commit}^{{commit}}"],
            cwd=folder,
            check=False,
            capture_output=True,
        )
        assert known.returncode == 0, (
            f"releases.toml names the commit {release.commit} for {release.version}, which this"
            " clone does not have. If it is a shallow one: git fetch --unshallow"
        )
        git(folder, "tag", release.tag, release.commit)
    for path in folder.iterdir():
        if path.name != ".git":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    put_working_tree(folder)
    git(folder, "add", "--all")
    # In a clean checkout it is what was committed last.
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "The template as it stands")
    git(folder, "tag", NEXT)
    return folder


def update(project: Path, *options: str) -> None:
    """Update a project to the newest version, as its CONTRIBUTING.md says."""
    command = (sys.executable, "-m", "copier", "update", "--defaults", "--quiet")
    run([*command, *options], cwd=project)


def unmerged(project: Path) -> list[str]:
    """The paths of a project that have a conflict."""
    return git(project, "diff", "--name-only", "--diff-filter=U").split()


def layer(template: Path, name: str = "every_project") -> Path:
    """The folder of a layer."""
    return template / "templates" / f"{{{{{name}}}}}"


def replace(path: Path, before: str, after: str) -> None:
    """Change a text that stands in a file once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), encoding="utf-8")


def release_as(template: Path, tag: str, message: str) -> None:
    """Commit what was changed in a scratch template, as a version that is newer still."""
    commit_all(template, message)
    git(template, "tag", tag)
