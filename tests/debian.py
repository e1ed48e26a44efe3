"""Debian's packages, for proofs that need a program which this machine may lack."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

LOCK = Path(tempfile.gettempdir()) / "seedbed-apt.lock"


def may_install() -> bool:
    """Whether this machine has apt, and we may use it."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: Sequence[str], *, because: str) -> None:
    """Install packages, and say why.

    Args:
        packages: Their names.
        because: What is missing, as half a sentence.
    """
    sys.stderr.write(f"{because}; installing {' '.join(packages)}\n")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with LOCK.open("w") as lock:
        # Sessions run side by side, and apt refuses to.
        fcntl.flock(lock, fcntl.LOCK_EX)
        for step in (["update"], ["install", "--yes", *packages]):
            subprocess.run(["apt-get", "--quiet=2", *step], env=environment, check=True)
