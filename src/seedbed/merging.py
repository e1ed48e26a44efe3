"""The three-way merge of a new version into a student's work, by Git, without a work tree."""

from dataclasses import dataclass
from pathlib import Path

from seedbed.git import git
from seedbed.importing import Commit, write_commits
from seedbed.model import Signature
from seedbed.rendering import ANSWERS_FILE, Rendering
from seedbed.store import entries_of

_NOBODY = Signature("seedbed", "seedbed@localhost")
_NO_DATE = "0 +0000"
_OURS = "refs/tags/main"


@dataclass(frozen=True, slots=True)
class Merge:
    """The end of a merge.

    Attributes:
        tree: The merged tree.
        removed: Paths to take out of that tree: the student deleted them, and the template goes on
            changing them.
        conflicts: The paths that have a conflict; the tree has both sides of each.
    """

    tree: str
    removed: tuple[str, ...]
    conflicts: tuple[str, ...]


def merge(
    repository: Path,
    *,
    base: str,
    ours: str,
    theirs: str,
    rendering: Rendering,
    name: str,
    seconds: float,
) -> Merge:
    """Merge a new version of the template into a student's work.

    What Copier does in an update holds here: the answers file is the template's, files that are the
    learner's are left as they are, and a deleted file stays deleted.

    Args:
        repository: A scratch repository that has all three.
        base: The commit with the version that the student's work began with.
        ours: The student's commit.
        theirs: The commit with the new version.
        rendering: What is in that commit.
        name: The branch whose name stands in the conflict markers, beside `main`.
        seconds: How long one call of Git may take.

    Raises:
        GitError: Git failed.
    """
    before = entries_of(repository, base, seconds=seconds)
    mine = entries_of(repository, ours, seconds=seconds)
    learners = {path: entry for path, entry in before.items() if rendering.is_learners(path)}
    theirs_too = {path for path in rendering.files if rendering.is_learners(path)}
    answers = {ANSWERS_FILE: before[ANSWERS_FILE]}
    trees = git(repository, "rev-parse", f"{ours}^{{tree}}", f"{theirs}^{{tree}}", seconds=seconds)
    our_tree, their_tree = trees.decode().split()
    # The ancestor is said, not searched for: the student may have squashed it away.
    write_commits(
        repository,
        Commit(_OURS, (base,), "ours", _NOBODY, _NO_DATE, tree=our_tree, entries=answers),
        Commit(
            f"refs/tags/{name}",
            (base,),
            "theirs",
            _NOBODY,
            _NO_DATE,
            tree=their_tree,
            entries=learners,
            removed=tuple(sorted((theirs_too & mine.keys()) - before.keys())),
        ),
        seconds=seconds,
    )
    words = ("merge-tree", "--write-tree", "-z", "--name-only", "--messages", "main", name)
    output = git(repository, *words, seconds=seconds, expected=(0, 1))
    tree, *rest = output.decode(errors="surrogateescape").split("\0")
    paths, kinds = _parsed(rest)
    removed = {
        path
        for path, kind in kinds
        if kind == "CONFLICT (modify/delete)" and path in before and path not in mine
    }
    return Merge(tree, tuple(sorted(removed)), tuple(sorted(paths - removed)))


def _parsed(fields: list[str]) -> tuple[set[str], list[tuple[str, str]]]:
    """Read the paths in conflict, and the kind of each message (git-merge-tree(1), "OUTPUT")."""
    end = fields.index("")
    paths, messages = set(fields[:end]), fields[end + 1 :]
    kinds = []
    while messages and messages[0]:
        count = int(messages[0])
        named, kind = messages[1 : count + 1], messages[count + 1]
        kinds += [(path, kind) for path in named]
        messages = messages[count + 3 :]
    return paths, kinds
