"""What can be wrong with a repository, a host or a disk; each is real, none is acted."""

import os
import shlex
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support import git, run

NO_SUCH_HOST = "no-such-host.invalid"  # RFC 6761 keeps it from ever existing
DECLINING = """\
#!/bin/sh
printf '%s\\n' {message} >&2
exit 1
"""


def new_repository(folder: Path) -> Path:
    """Make an empty bare repository, as a host does when it is asked for one."""
    run(["git", "init", "--quiet", "--bare", "--initial-branch=main", folder])
    return folder


def decline_pushes(repository: Path, message: str = "The owner takes no pushes.") -> Path:
    """Have a repository refuse every push; removing the hook that is returned ends it."""
    hook = repository / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(DECLINING.format(message=shlex.quote(message)))
    hook.chmod(0o755)
    return hook


def not_a_repository(folder: Path) -> Path:
    """Make a folder with something else in it."""
    folder.mkdir(parents=True)
    (folder / "notes.txt").write_text("Not Git's.\n")
    return folder


def corrupt(repository: Path, revision: str = "main^{tree}") -> Path:
    """Spoil one object of a bare repository, as a bad disk does.

    Returns:
        The object's file; what it should hold is kept beside it, for `repair`.
    """
    name = git(repository, "rev-parse", "--verify", revision).strip()
    path = repository / "objects" / name[:2] / name[2:]
    if not path.exists():
        _unpack(repository)
    path.with_name(f"{path.name}.good").write_bytes(path.read_bytes())
    path.chmod(stat.S_IRUSR | stat.S_IWUSR)
    path.write_bytes(b"not what was written here")
    return path


def repair(path: Path) -> None:
    """Give an object that was spoilt its content back."""
    path.with_name(f"{path.name}.good").replace(path)


def _unpack(repository: Path) -> None:
    """Have each object in a file of its own."""
    packs = [*(repository / "objects" / "pack").iterdir()]
    contents = [path.read_bytes() for path in packs if path.suffix == ".pack"]
    for path in packs:  # Git unpacks nothing that it has.
        path.unlink()
    for content in contents:
        subprocess.run(["git", "unpack-objects", "-q"], cwd=repository, input=content, check=True)


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Path]:
    """Have a folder be a disk of its own for as long as the block lasts; it is empty then.

    Args:
        folder: Where it is to be; it is made.
        size: How many bytes it has.

    Raises:
        AssertionError: We may not mount one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if sys.platform == "darwin":
        image = folder.with_name(f"{folder.name}.dmg")
        shape = ["-size", f"{max(4, size >> 20)}m", "-fs", "HFS+", "-volname", "small"]
        run(["hdiutil", "create", "-quiet", *shape, image])
        run(["hdiutil", "attach", "-quiet", "-nobrowse", "-mountpoint", folder, image])
        end: list[str | Path] = ["hdiutil", "detach", "-quiet", "-force", folder]
    else:
        as_root: list[str | Path] = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
        ours = f"size={size},mode=0700,uid={os.geteuid()},gid={os.getegid()}"
        run([*as_root, "mount", "-t", "tmpfs", "-o", ours, "tmpfs", folder])
        end = [*as_root, "umount", "--lazy", folder]
    try:
        yield folder
    finally:
        run(end)


def fill(folder: Path, *, leave: int) -> Path:
    """Fill the disk that a folder is on, but for some bytes; removing what is returned ends it.

    Only for a `small_disk`.
    """
    disk = os.statvfs(folder)
    filler = folder / "filler"
    length = disk.f_bavail * disk.f_frsize - leave
    with filler.open("wb") as file:
        while length > 0:
            length -= file.write(bytes(min(length, 1 << 16)))
    return filler
