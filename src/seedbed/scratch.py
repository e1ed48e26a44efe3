"""A repository for the moment: it sees the store's objects, and goes away with what was fetched."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from seedbed.model import Cohort
from seedbed.store import Store

_CONFIG = """\
[core]
\trepositoryFormatVersion = 0
\tbare = true
\t# Else each fetch would look at all branches of the store, one for each student.
\talternateRefsPrefixes = refs/none/
"""


@contextmanager
def scratch(cohort: Cohort, store: Store, slug: str) -> Iterator[Path]:
    """Make a bare repository that borrows the store's objects, for as long as the block runs.

    It has the student's vendor branch, so that only what is the student's own is fetched into it.
    """
    parent = cohort.state / "tmp"
    parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="scratch-", dir=parent) as folder:
        # What `git init --bare` makes, in a tenth of its time: gitrepository-layout(5).
        repository = Path(folder)
        (repository / "refs").mkdir()
        (repository / "objects" / "info").mkdir(parents=True)
        borrowed = store.path.resolve() / "objects"
        (repository / "objects" / "info" / "alternates").write_text(f"{borrowed}\n")
        if versions := store.versions(slug):
            (repository / "refs" / "heads").mkdir()
            (repository / "refs" / "heads" / slug).write_text(f"{versions[0]}\n")
        (repository / "HEAD").write_text("ref: refs/heads/none\n")
        (repository / "config").write_text(_CONFIG)
        yield repository
