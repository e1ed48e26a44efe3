"""A student's repository, wherever it is: what is there, and pushes that overwrite nothing."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from seedbed.failures import Failure, GitError
from seedbed.git import git, git_over_network
from seedbed.log import append
from seedbed.model import Cohort, Student
from seedbed.places import Place, place_of

MAIN = "main"
UPDATES = "seedbed/"
"""Branches with updates begin with this; the version follows."""
# To Git, a page to sign in that comes with status 200 is a repository without a branch.
EMPTIED = "it had a first commit: was it emptied, or does something else answer in its place?"
FETCHED = "refs/student/"
"""Where a student's branches are while they are looked at."""


@dataclass(frozen=True, slots=True)
class Remote:
    """A student's repository.

    Attributes:
        cohort: The cohort.
        student: The student.
        place: Where it is.
    """

    cohort: Cohort
    student: Student
    place: Place

    @classmethod
    def of(cls, cohort: Cohort, student: Student) -> "Remote":
        """The repository of a student."""
        return cls(cohort, student, place_of(cohort, student))

    def branches(self, scratch: Path) -> Mapping[str, str]:
        """All branches, with the commits that they point to.

        Raises:
            GitError: It cannot be reached, or is not there.
        """
        listed = self._git(scratch, "ls-remote", "--heads", self.place.address)
        return {ref.removeprefix("refs/heads/"): commit for commit, ref in _pairs(listed, "\t")}

    def fetch(self, scratch: Path) -> Mapping[str, str]:
        """Fetch `main` and the branches with updates.

        Returns:
            Those that there are, with the commits that they point to.

        Raises:
            GitError: It cannot be reached, or is not there.
        """
        # A name that is no pattern is an error where there is no such branch.
        wanted = [
            f"+refs/heads/{pattern}:{FETCHED}{pattern}" for pattern in (f"{MAIN}*", f"{UPDATES}*")
        ]
        options = ("--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules")
        self._git(scratch, "fetch", *options, self.place.address, *wanted)
        form = "--format=%(refname)%00%(objectname)"
        listed = git(scratch, "for-each-ref", form, FETCHED, seconds=self.cohort.seconds)
        return {ref.removeprefix(FETCHED): commit for ref, commit in _pairs(listed, "\0")}

    def push(
        self, scratch: Path, commit: str, branch: str, *, before: str | None, command: str
    ) -> None:
        """Push a commit as a branch, if the branch is still where it was; log it.

        Args:
            scratch: The repository that has the commit.
            commit: The commit.
            branch: The branch.
            before: The commit that it points to now; `None` if there is no such branch.
            command: The command of seedbed that does it, for the log.

        Raises:
            GitError: It was refused, or somebody else was faster. Nothing is overwritten then.
        """
        lease = f"--force-with-lease=refs/heads/{branch}:{before or ''}"
        refspec = f"{commit}:refs/heads/{branch}"
        with self._logged(branch, before, commit, command):
            self._git(scratch, "push", "--quiet", lease, self.place.address, refspec)

    def create(self, folder: Path, scratch: Path, commit: str, *, command: str) -> None:
        """Make the repository in its folder, with a commit as `main`; log it.

        It gets its name when it is complete, so nobody ever meets an empty one.

        Raises:
            GitError: Git failed. There is no repository then.
        """
        begun = folder.with_name(f".{folder.name}.begun")
        with self._logged(MAIN, None, commit, command):
            shutil.rmtree(begun, ignore_errors=True)
            begun.mkdir(parents=True)
            seconds = self.cohort.seconds
            options = ("--quiet", "--bare", f"--initial-branch={MAIN}", "--template=")
            git(begun, "init", *options, seconds=seconds)
            # One pack is written faster, and read faster, than a file for each object.
            git(begun, "config", "receive.unpackLimit", "1", seconds=seconds)
            git(
                scratch,
                "push",
                "--quiet",
                str(begun),
                f"{commit}:refs/heads/{MAIN}",
                seconds=seconds,
            )
            begun.rename(folder)

    @contextmanager
    def _logged(self, branch: str, before: str | None, after: str, command: str) -> Iterator[None]:
        """Log a change before it begins and when it is done: the log shows a kill in between."""
        event = {
            "command": command,
            "student": self.student.slug,
            "repository": self.place.shown,
            "ref": f"refs/heads/{branch}",
            "before": before,
            "after": after,
        }
        log = self.cohort.state / "log.jsonl"
        append(log, {**event, "stage": "begun"})
        yield
        append(log, {**event, "stage": "done"})

    def _git(self, scratch: Path, *arguments: str) -> bytes:
        if self.place.folder is not None and not self.place.folder.is_dir():
            raise GitError(Failure.NOT_THERE)
        return git_over_network(scratch, *arguments, seconds=self.cohort.seconds)


def _pairs(listed: bytes, between: str) -> Iterator[tuple[str, str]]:
    """Read lines of two fields. A branch's name may have what ends a line outside of Git."""
    for line in filter(None, listed.decode(errors="surrogateescape").split("\n")):
        first, _, second = line.partition(between)
        yield first, second
