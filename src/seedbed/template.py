"""The template: a copy of its repository, its released versions, and one checkout of each."""

import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import mkdtemp

from copier._vcs import get_repo
from packaging.version import InvalidVersion, Version

from seedbed.addresses import checked_source
from seedbed.failures import GitError
from seedbed.git import check_git, git, git_over_network, shown
from seedbed.model import Cohort, SeedbedError, UsageError

_NOT_RELEASED = "The template {} has no released version: tag one, such as v1.0.0."


@dataclass(frozen=True)
class Template:
    """A copy of the template's repository.

    Attributes:
        source: The source as the cohort names it, and as students' answers files will.
        mirror: The copy, a bare repository.
        checkouts: The folder with a checkout of each version that was needed.
        seconds: How long one call of Git may take.
    """

    source: str
    mirror: Path
    checkouts: Path
    seconds: float

    @cached_property
    def versions(self) -> Sequence[str]:
        """The tags of all released versions, the oldest first. Prereleases are none."""
        return released(git(self.mirror, "tag", "--list", seconds=self.seconds).decode().split())

    def tag(self, version: str) -> str:
        """The tag of a version, which may be written with or without its `v`.

        Raises:
            SeedbedError: There is no such version.
        """
        if version in self.versions:
            return version
        wanted = _version(version)
        for name in self.versions:
            if wanted and _version(name) == wanted:
                return name
        known = ", ".join(self.versions) or "none: tag one, such as v1.0.0"
        raise SeedbedError(f"The template has no version {version}. Versions it has: {known}.")

    def newest(self) -> str:
        """The tag of the newest version.

        Raises:
            SeedbedError: None was ever released.
        """
        if not self.versions:
            raise SeedbedError(_NOT_RELEASED.format(shown(self.source)))
        return self.versions[-1]

    def between(self, earlier: str, later: str) -> int:
        """How many versions one is behind another; less than nothing where it is newer."""
        return self.versions.index(later) - self.versions.index(earlier)

    def date(self, version: str) -> str:
        """When a version was committed, in Git's form."""
        log = ("log", "--max-count=1", "--date=raw", "--format=%cd", f"refs/tags/{version}", "--")
        return git(self.mirror, *log, seconds=self.seconds).decode().strip()

    def checkout(self, version: str) -> Path:
        """Check a version out, if that was not done yet; several processes may ask at once."""
        folder = self.checkouts / version
        if not folder.is_dir():
            self.checkouts.mkdir(parents=True, exist_ok=True)
            scratch = Path(mkdtemp(dir=self.checkouts, prefix="."))
            try:
                self._clone(version, scratch)
                scratch.rename(folder)
            except OSError:
                if not folder.is_dir():
                    raise
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
        return folder

    def _clone(self, version: str, folder: Path) -> None:
        # With no other tag: Copier names the version after any that it finds there.
        clone = (
            *("clone", "--quiet", "--shared", "--no-tags", "--single-branch"),
            *(f"--branch={version}", "--config=advice.detachedHead=false"),
        )
        git(self.mirror, *clone, str(self.mirror), str(folder), seconds=self.seconds)


def open_template(cohort: Cohort) -> Template:
    """Copy the template's repository, or bring the copy up to date.

    Raises:
        SeedbedError: It cannot be reached.
    """
    template = template_of(cohort)
    address = _address(template.source)
    template.mirror.mkdir(parents=True, exist_ok=True)
    git(template.mirror, "init", "--quiet", "--bare", seconds=cohort.seconds)
    try:
        fetch = ("fetch", "--quiet", "--prune", "--no-write-fetch-head", address)
        # Tags alone: a branch with the name of a tag would be taken for it.
        tags = "+refs/tags/*:refs/tags/*"
        git_over_network(template.mirror, *fetch, tags, seconds=cohort.seconds)
    except GitError as error:
        raise SeedbedError(
            f"The template {shown(template.source)} cannot be had: {error}"
        ) from error
    return template


def template_of(cohort: Cohort) -> Template:
    """The copy of the template's repository that `open_template` made."""
    state = cohort.state
    return Template(
        _whole(cohort.template, cohort.folder),
        state / "template.git",
        state / "tmp" / "template",
        cohort.seconds,
    )


def newest_of(source: str, *, seconds: float) -> tuple[str, str]:
    """Look at a template that there is no copy of yet.

    Args:
        source: The template's source, in any form that Copier takes.
        seconds: How long a call of Git may take.

    Returns:
        The source as a cohort names it, wherever its folder is, and the tag of the newest version.

    Raises:
        UsageError: The source is none that Git may be given.
        SeedbedError: It cannot be reached, or has no released version.
    """
    try:
        checked_source(source)
    except ValueError as error:
        raise UsageError(f"--template {error}") from error
    check_git()
    whole = _whole(source, Path())
    address = _address(whole)
    try:
        tags = git_over_network(Path(), "ls-remote", "--tags", "--refs", address, seconds=seconds)
    except GitError as error:
        raise SeedbedError(f"The template {shown(whole)} cannot be had: {error}") from error
    versions = released(line.rpartition("refs/tags/")[2] for line in tags.decode().splitlines())
    if not versions:
        raise SeedbedError(_NOT_RELEASED.format(shown(whole)))
    return whole, versions[-1]


def released(tags: Iterable[str]) -> Sequence[str]:
    """Those tags that are released versions, the oldest first. Prereleases are none."""
    found = {name: version for name in tags if (version := _version(name))}
    return sorted(found, key=lambda name: (found[name], name))


def _address(source: str) -> str:
    """What Git is given for a template's source."""
    address = get_repo(source)
    if address is None:
        raise SeedbedError(
            f"{shown(source)} is no Git repository. Name the template's address, such as"
            " gh:your-org/seedbed, or a folder with a clone."
        )
    return str(address)


def _whole(source: str, folder: Path) -> str:
    """A source; one that is a path is relative to a folder, and students' files name it whole."""
    path = folder / os.path.expanduser(source)
    # Unlike `Path.is_dir`, this is no error where the name is too long for a path.
    return str(path.resolve()) if os.path.isdir(path) else source


def _version(name: str) -> Version | None:
    try:
        version = Version(name)
    except InvalidVersion:
        return None
    return None if version.is_prerelease else version
