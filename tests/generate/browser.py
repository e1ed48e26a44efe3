"""The browser that projects with pages for people are looked at with."""

import os
import shutil
import sys

from tests.debian import install, may_install
from tests.support import BROWSED

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


def main(project: str) -> None:
    """Install Debian's Chromium if a project needs a browser, there is none, and we may.

    Where it cannot be done nothing is said: the tests themselves then fail with what to do.
    """
    if project in BROWSED and not _installed() and may_install():
        install(["chromium"], because="There is no browser")


if __name__ == "__main__":
    main(sys.argv[1])
