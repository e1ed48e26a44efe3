"""The files of a commit, written into a folder."""

from pathlib import Path

from seedbed.git import git

# A person's settings may have filters that download what a file only names.
_NO_FILTERS = (
    *("-c", "filter.lfs.smudge=", "-c", "filter.lfs.process=", "-c", "filter.lfs.required=false"),
)


def export(repository: Path, commit: str, folder: Path, *, seconds: float) -> None:
    """Write the files of a commit into a new folder. Git writes through no symbolic link.

    Args:
        repository: A bare repository that has the commit.
        commit: The commit.
        folder: The folder; its parent exists.
        seconds: How long one call of Git may take.

    Raises:
        GitError: Git failed.
    """
    folder.mkdir()
    index = {"GIT_INDEX_FILE": str(folder.with_name(f".{folder.name}.index"))}
    git(repository, "read-tree", commit, seconds=seconds, env=index)
    words = (f"--work-tree={folder}", *_NO_FILTERS, "checkout-index", "--all", "--quiet")
    git(repository, *words, seconds=seconds, env=index)
