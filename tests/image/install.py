"""Install what images need on a machine without Docker, where that can be done."""

from pathlib import Path

from tests.debian import install, may_install
from tests.image.docker import Docker
from tests.image.engine import missing_packages


def main() -> None:
    """Install Debian's packages if there is no Docker, they are missing, and we may.

    Where it cannot be done nothing is said: the tests themselves then fail with what to do.
    """
    packages = missing_packages()
    if packages and may_install() and not Docker(Path.home()).answers():
        install(packages, because="No Docker daemon answers")


if __name__ == "__main__":
    main()
