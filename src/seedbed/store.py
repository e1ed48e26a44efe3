"""The cohort's store: for each student the rendered versions, as commits of a vendor branch.

It is a bare repository on the instructor's side. A student's squash or force-push cannot reach it,
so the base of the next three-way merge is always there. It has nothing of a student's own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from seedbed.failures import Failure, GitError
from seedbed.git import git
from seedbed.importing import Commit, Entry, write_commits
from seedbed.model import Cohort, SeedbedError, Signature
from seedbed.rendering import ANSWERS_FILE, Tree


@dataclass(frozen=True)
class Store:
    """The cohort's store.

    Attributes:
        path: The bare repository.
        seconds: How long one call of Git may take.
    """

    path: Path
    seconds: float
    _known: set[str] = field(default_factory=set)

    def versions(self, slug: str) -> Sequence[str]:
        """The commits of a student's vendor branch, the newest first; none where there is none."""
        words = ("rev-parse", "--verify", "--quiet", _ref(slug))
        tip = self._git(*words, expected=(0, 1)).decode().strip()
        return self._git("rev-list", tip, "--").decode().split() if tip else []

    def start(self, slug: str) -> str | None:
        """The first commit of a student's vendor branch: what their repository began with."""
        return next(reversed(self.versions(slug)), None)

    def with_answers(self, slug: str, answers_file: str) -> str | None:
        """The newest commit of a student's vendor branch that has this answers file.

        Args:
            slug: The student.
            answers_file: The id of the file's content.
        """
        commits = self.versions(slug)
        wanted = "".join(f"{commit}:{ANSWERS_FILE}\n" for commit in commits)
        check = ("cat-file", "--batch-check=%(objectname)")
        found = self._git(*check, stdin=wanted.encode()).decode().splitlines()
        there = dict(zip(reversed(found), reversed(commits), strict=True))
        return there.get(answers_file)

    def add(
        self, slug: str, files: Tree, *, parent: str | None, message: str, who: Signature, date: str
    ) -> str:
        """Write a rendered version as the newest commit of a student's vendor branch.

        Returns:
            The commit. The same arguments give the same commit.
        """
        parents = (parent,) if parent else ()
        commit = Commit(_ref(slug), parents, message, who, date, files=files)
        write_commits(self.path, commit, seconds=self.seconds, known=self._known)
        return self._git("rev-parse", "--verify", _ref(slug)).decode().strip()

    def adopt(self, slug: str, commit: str, repository: Path) -> None:
        """Take a student's first commit, which was found in their repository, as the start."""
        self._git(
            "fetch", "--quiet", "--no-write-fetch-head", str(repository), f"+{commit}:{_ref(slug)}"
        )

    def slugs(self) -> Iterator[str]:
        """All students that the store knows."""
        yield from (
            self._git("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads").decode().split()
        )

    def pack(self) -> None:
        """Pack what the run wrote, if that is much: many single files would slow later runs."""
        # In the background it would go on when the next run clears away locks.
        settings = ("-c", "gc.auto=6700", "-c", "gc.autoDetach=false")
        self._git(*settings, "gc", "--auto", "--quiet")

    def _git(self, *arguments: str, stdin: bytes = b"", expected: tuple[int, ...] = (0,)) -> bytes:
        try:
            return git(self.path, *arguments, seconds=self.seconds, stdin=stdin, expected=expected)
        except GitError as error:
            if error.failure in {Failure.CORRUPT, Failure.OTHER}:
                raise SeedbedError(
                    f"{self.path} seems to be damaged: delete it, and run it again ({error})"
                ) from error
            raise


def open_store(cohort: Cohort) -> Store:
    """Open the cohort's store; make it, or what a kill has left unmade of it."""
    store = store_of(cohort)
    store.path.mkdir(parents=True, exist_ok=True)
    git(store.path, "init", "--quiet", "--bare", "--initial-branch=main", seconds=cohort.seconds)
    return store


def store_of(cohort: Cohort) -> Store:
    """The store that `open_store` made."""
    return Store(cohort.state / "vendor.git", cohort.seconds)


def entries_of(repository: Path, tree: str, *, seconds: float) -> Mapping[str, Entry]:
    """All files of a tree or commit in a repository, by their path."""
    listed = git(repository, "ls-tree", "-r", "-z", "--full-tree", tree, seconds=seconds)
    entries = {}
    for line in filter(None, listed.split(b"\0")):
        meta, _, path = line.partition(b"\t")
        mode, _, object_id = meta.decode().split()
        entries[path.decode(errors="surrogateescape")] = Entry(mode, object_id)
    return entries


def _ref(slug: str) -> str:
    return f"refs/heads/{slug}"
