"""The browser that pages for people are looked at with."""

import os
import shutil
import sys

from tests.debian import install, may_install
from tests.support import BROWSED

ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
"""How it is started: with nothing of the machine's own, and no calls to servers of its maker."""

NAMES = ("chromium", "google-chrome")


def find_browser() -> str:
    """Where it is.

    Raises:
        AssertionError: There is none. Pages that nobody looks at are not tested, so nothing is
            skipped.
    """
    found = _installed()
    assert found, "This needs a browser: apt-get install chromium, or set CHROMIUM to where it is."
    return found


def _installed() -> str:
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), "")


def main(projects: list[str]) -> None:
    """Install Debian's Chromium if a browser is needed, there is none, and we may.

    Where it cannot be done nothing is said: the tests themselves then fail with what to do.

    Args:
        projects: The projects that are tested; without one, it is for pages of seedbed's own.
    """
    needed = not projects or any(project in BROWSED for project in projects)
    if needed and not _installed() and may_install():
        install(["chromium"], because="There is no browser")


if __name__ == "__main__":
    main(sys.argv[1:])
