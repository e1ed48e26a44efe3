"""Install what images need on a machine without Docker, where that can be done."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.image.docker import Docker
from tests.image.engine import missing_packages


def main() -> None:
    """Install Debian's packages if there is no Docker, they are missing, and we may.

    Where it cannot be done nothing is said: the tests themselves then fail with what to do.
    """
    packages = missing_packages()
    if not packages or os.geteuid() or not shutil.which("apt-get"):
        return
    if Docker(Path.home()).answers():
        return
    sys.stderr.write(f"No Docker daemon answers; installing {' '.join(packages)}\n")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update"], ["install", "--yes", *packages]):
        subprocess.run(["apt-get", "--quiet=2", *step], env=environment, check=True)


if __name__ == "__main__":
    main()
