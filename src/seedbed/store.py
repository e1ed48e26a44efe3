"""The cohort's store: for each student the rendered versions, as commits of a vendor branch.

It is a bare repository on the instructor's side. A student's squash or force-push cannot reach it,
so the base of the next three-way merge is always there. It has nothing of a student's own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from seedbed.git import git
from seedbed.importing import Commit, Entry, write_commits
from seedbed.model import Cohort, Signature
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

    def tip(self, slug: str) -> str | None:
        """The newest commit of a student's vendor branch, if there is one."""
        return self._first(self._log(_ref(slug), "--max-count=1"))

    def start(self, slug: str) -> str | None:
        """The first commit of a student's vendor branch: what their repository began with."""
        return self._first(self._log(_ref(slug), "--max-parents=0", "--max-count=1"))

    def with_answers(self, slug: str, answers_file: str) -> str | None:
        """The newest commit of a student's vendor branch that has this answers file.

        Args:
            slug: The student.
            answers_file: The id of the file's content.
        """
        wanted = "\n".join(f"{commit}:{ANSWERS_FILE}" for commit in self._log(_ref(slug)))
        check = ("cat-file", "--batch-check=%(objectname)")
        found = self._git(*check, stdin=f"{wanted}\n".encode()).decode().split("\n")
        for commit, there in zip(self._log(_ref(slug)), found, strict=False):
            if there == answers_file:
                return commit
        return None

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

    def lent(self, slug: str, repository: Path) -> "Store":
        """Lend a student's vendor branch to a scratch repository, where it may be added to."""
        if tip := self.tip(slug):
            git(repository, "update-ref", _ref(slug), tip, seconds=self.seconds)
        return Store(repository, self.seconds)

    def slugs(self) -> Iterator[str]:
        """All students that the store knows."""
        yield from (
            self._git("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads").decode().split()
        )

    def pack(self) -> None:
        """Pack what the run wrote, if that is much: many single files would slow later runs."""
        self._git("-c", "gc.auto=6700", "gc", "--auto", "--quiet")

    def _log(self, ref: str, *options: str) -> list[str]:
        found = self._git("rev-parse", "--verify", "--quiet", ref, expected=(0, 1)).decode().strip()
        return self._git("rev-list", *options, found, "--").decode().split() if found else []

    def _first(self, commits: list[str]) -> str | None:
        return commits[0] if commits else None

    def _git(self, *arguments: str, stdin: bytes = b"", expected: tuple[int, ...] = (0,)) -> bytes:
        return git(self.path, *arguments, seconds=self.seconds, stdin=stdin, expected=expected)


def open_store(cohort: Cohort) -> Store:
    """Open the cohort's store; make it if there is none."""
    path = cohort.state / "vendor.git"
    if not (path / "HEAD").is_file():
        path.mkdir(parents=True, exist_ok=True)
        git(path, "init", "--quiet", "--bare", "--initial-branch=main", seconds=cohort.seconds)
    return Store(path, cohort.seconds)


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
