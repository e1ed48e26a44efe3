"""What builds and runs images on this machine: Docker where it answers, buildah elsewhere."""

import os
import shutil
import sys
from pathlib import Path

from tests.image.chroot import ChrootEngine
from tests.image.commands import must
from tests.image.docker import Docker, DockerEngine
from tests.image.model import Engine, EngineError

TOOLS = {
    "buildah": "buildah",
    "debootstrap": "debootstrap",
    "mount": "mount",
    "nsenter": "util-linux",
    "setpriv": "util-linux",
    "unshare": "util-linux",
}
# A namespace of our own, and one folder laid over another in it.
TRIAL = """
mount -t proc proc /proc && mount -t tmpfs tmpfs /mnt && mkdir /mnt/upper /mnt/work &&
mount -t overlay -o lowerdir=/usr,upperdir=/mnt/upper,workdir=/mnt/work overlay /usr
"""


def find_engine(home: Path) -> Engine:
    """Take the engine that this machine has.

    Args:
        home: The user's home: settings of Docker, Pythons and the cache are looked for in it.

    Raises:
        EngineError: There is none; the message says what to do. Images that are never built are
            not tested, so nothing is skipped.
    """
    docker = Docker(home)
    if docker.answers():
        return DockerEngine(docker)
    if problem := _why_not_without():
        raise EngineError(
            f"Images can be neither built nor run here. No Docker daemon answers, and {problem}"
        )
    return ChrootEngine(home)


def missing_packages() -> list[str]:
    """Debian's packages that images need without Docker and that are not installed."""
    return sorted({package for tool, package in TOOLS.items() if not shutil.which(tool)})


def _why_not_without() -> str:
    """Why images cannot be built without Docker; empty where they can."""
    if sys.platform != "linux":
        return "without one this needs Linux. Start Docker."
    if missing := missing_packages():
        return f"without one this needs: apt-get install {' '.join(missing)}"
    if os.geteuid():
        return "without one this needs root. Start Docker, or run as root."
    try:
        must(["unshare", "--mount", "--ipc", "--pid", "--fork", "sh", "-c", TRIAL], timeout=10)
    except EngineError as problem:
        return f"the kernel refuses what takes its place: {problem}"
    return ""
