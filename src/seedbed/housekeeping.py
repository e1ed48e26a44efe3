"""What an earlier run that was killed has left behind, cleared away before the next one begins."""

import shutil
from pathlib import Path


def tidy(state: Path) -> None:
    """Clear a cohort's folder of state. Only who holds the cohort's lock may do it.

    Args:
        state: The folder; it exists.
    """
    # Names and addresses of students are nobody's business: a cohort's folder is often in Git.
    (state / ".gitignore").write_text("*\n", encoding="utf-8")
    shutil.rmtree(state / "tmp", ignore_errors=True)
    for name in ("vendor.git", "template.git"):
        # Nobody else works in these, so a lock in them is of somebody who is no more.
        for lock in (state / name).rglob("*.lock"):
            lock.unlink()
        # A power cut leaves these; what they had is found again.
        for ref in (state / name / "refs").rglob("*"):
            if ref.is_file() and ref.stat().st_size == 0:
                ref.unlink()
