"""Folders of this machine that a container works on, and whose they are."""

import os
from pathlib import Path

# Who the container's user must be to work on them. As root everything would work, and prove
# nothing; anybody else cannot give files away.
OWNER = os.getuid() or 1234
OWNING_USER = f"{OWNER}:{OWNER}"


def owned(folder: Path) -> Path:
    """Make a folder where there is none, and it and all there is in it the owner's."""
    folder.mkdir(exist_ok=True)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, OWNER, OWNER)
    return folder
