"""Processes in an unpacked image, with namespaces of their own: process 1 is what the image runs.

buildah's chroot isolation has no process namespace. Without one a program that ignores SIGTERM as
process 1, as every program without a handler does, would pass for one that stops.
"""

import os
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.image.commands import call
from tests.image.model import Completed, EngineError, Mount

DEVICES = ("full", "null", "random", "tty", "urandom", "zero")
DEVICE_LINKS = {"fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2"}
OF_THE_MACHINE = ("/etc/hosts", "/etc/resolv.conf")
NOT_BEGUN = 125  # as `docker run` tells that it could not begin
# Runs a line of shell that ends, with all it started, when the tests end, killed or not.
# That takes a process namespace around the container's own: the kernel tells a process of the end
# of its parent only as long as it does not change its user, and a container's process 1 does.
ENDS_WITH_US = (
    *("setpriv", "--pdeathsig", "KILL"),
    *("unshare", "--pid", "--fork", "--kill-child", "sh", "-c"),
)
# What Docker leaves to a container's root.
CAPABILITIES = (
    *("audit_write", "chown", "dac_override", "fowner", "fsetid", "kill", "mknod"),
    *("net_bind_service", "net_raw", "setfcap", "setgid", "setpcap", "setuid", "sys_chroot"),
)


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs a command: numbers, and a home folder."""

    uid: int
    gid: int
    home: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """An unpacked image and how commands are run in it.

    Attributes:
        image: The root of the image's files; they stay as they are.
        folder: An empty folder. In the namespace the container's files appear in it: the image's,
            and over them, in memory, what the container writes.
        account: Who runs them.
        environment: All their variables.
        working_folder: Where they start.
    """

    image: Path
    folder: Path
    account: Account
    environment: Mapping[str, str]
    working_folder: str

    def start(self, command: Sequence[str], mounts: Sequence[Mount], output: Path) -> "Process":
        """Start process 1, which writes to `stdout` and `stderr` in a folder of this machine."""
        steps = [*_lay_over(self.image, self.folder), *_prepare(self.root)]
        for mount in mounts:
            steps += _bind(mount, self.root)
        prepare = " && ".join(map(shlex.join, steps))
        script = f"{prepare} || exit {NOT_BEGUN}; exec {shlex.join(self.entering(command))}"
        own = ["unshare", "--mount", "--ipc", "--pid", "--fork", "sh", "-c", script]
        with _writable(output / "stdout") as stdout, _writable(output / "stderr") as stderr:
            started = subprocess.Popen(
                [*ENDS_WITH_US, f"{shlex.join(own)}; exit $?"],
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
            )
        return Process(self, started)

    @property
    def root(self) -> Path:
        """The root of the container's files, in its namespace."""
        return self.folder / "root"

    def entering(self, command: Sequence[str]) -> list[str]:
        """What runs a command as the container's own, once inside its namespaces."""
        given = {"HOME": self.account.home, **self.environment}
        variables = [f"{name}={value}" for name, value in given.items()]
        kept = ",".join(["-all", *(f"+{name}" for name in CAPABILITIES)])
        return [
            *(_tool("env"), "-i", *variables),
            *(_tool("setpriv"), f"--bounding-set={kept}"),
            *(_tool("unshare"), f"--root={self.root}", f"--wd={self.working_folder}"),
            *(f"--setgid={self.account.gid}", f"--setuid={self.account.uid}", "--", *command),
        ]


class Process:
    """Process 1 of a sandbox; nothing that it started outlives it."""

    def __init__(self, sandbox: Sandbox, outer: subprocess.Popen[bytes]) -> None:
        self._sandbox = sandbox
        self._outer = outer
        self._killed = False
        self._inner = self._wait_until_begun()
        self._handle = _open(self._inner) if self._inner else None

    def exit_code(self) -> int | None:
        """As Docker tells it, 128 and more for a signal; `None` while it runs."""
        code = self._outer.poll()
        if code is None:
            return None
        if self._killed:  # `unshare` dies of every other signal that ended its child
            return 128 + signal.SIGKILL
        return 128 - code if code < 0 else code

    def wait(self, seconds: float) -> int | None:
        """Wait for its end, at most so long."""
        try:
            self._outer.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        return self.exit_code()

    def send(self, number: signal.Signals) -> None:
        """Send it a signal; nothing happens where it has ended."""
        if self._handle is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        """End it, whatever it is doing, and everything it started."""
        if self.exit_code() is None:
            self._killed = True
            self.send(signal.SIGKILL)
            self._outer.wait(30)

    def close(self) -> None:
        """End it, and let go of it."""
        self.kill()
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def run(self, command: Sequence[str]) -> Completed:
        """Run a further command in the same namespaces."""
        if self.exit_code() is not None:
            raise EngineError("The container has ended")
        namespaces = ["nsenter", f"--target={self._inner}", "--mount", "--ipc", "--pid", "--"]
        return call([*namespaces, *self._sandbox.entering(command)], timeout=60)

    def _wait_until_begun(self) -> int | None:
        """Wait until the image's own program runs: a signal before would meet our preparations."""
        deadline = time.monotonic() + 30
        while self._outer.poll() is None:
            for process in _descendants(self._outer.pid):
                if _is_inside(process, self._sandbox.root):
                    return process
            if time.monotonic() > deadline:
                self._outer.kill()
                self._outer.wait()
                raise EngineError("The container did not begin within 30 s")
            time.sleep(0.005)
        return None


def account(root: Path, user: str) -> Account:
    """Look a USER up in the image's own files: names, numbers, and `user:group`."""
    name, _, group = (user or "0").partition(":")
    uid, gid, home = _passwd(root, name)
    return Account(uid, _group(root, group) if group else gid, home)


def _passwd(root: Path, name: str) -> tuple[int, int, str]:
    for entry in _entries(root / "etc" / "passwd", 7):
        if name in (entry[0], entry[2]):
            return int(entry[2]), int(entry[3]), entry[5] or "/"
    if not name.isdecimal():
        raise EngineError(f"The image has no user {name!r}")
    return int(name), 0, "/"


def _group(root: Path, name: str) -> int:
    for entry in _entries(root / "etc" / "group", 4):
        if name in (entry[0], entry[2]):
            return int(entry[2])
    if not name.isdecimal():
        raise EngineError(f"The image has no group {name!r}")
    return int(name)


def _entries(path: Path, width: int) -> list[list[str]]:
    lines = path.read_text().splitlines() if path.exists() else []
    return [parts for line in lines if len(parts := line.split(":")) == width]


def _lay_over(image: Path, folder: Path) -> list[list[str]]:
    """Commands that show an image's files in `folder/root`, to be changed without changing them."""
    upper, work = folder / "upper", folder / "work"
    layers = f"lowerdir={image},upperdir={upper},workdir={work}"
    return [
        ["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", str(folder)],
        ["mkdir", str(upper), str(work), f"{folder}/root"],
        ["mount", "-t", "overlay", "-o", layers, "overlay", f"{folder}/root"],
    ]


def _prepare(root: Path) -> list[list[str]]:
    """Commands that give a root what every container has; they are seen in its namespace only."""
    device = root / "dev"
    steps = [["mkdir", "-p", str(device), f"{root}/etc", f"{root}/proc"]]
    steps += [["mount", "-t", "proc", "proc", f"{root}/proc"]]
    steps += [["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", str(device)]]
    steps += [["mkdir", "-m", "1777", f"{device}/shm"]]
    for name in DEVICES:
        steps += _bind_file(Path("/dev") / name, device / name)
    steps += [["ln", "-s", target, f"{device}/{name}"] for name, target in DEVICE_LINKS.items()]
    for name in OF_THE_MACHINE:
        steps += _bind_file(Path(name), root / name.lstrip("/"))
    return steps


def _bind_file(source: Path, target: Path) -> list[list[str]]:
    # A link there would lead out of the container.
    fresh = [["rm", "-f", str(target)], ["touch", str(target)]]
    return [*fresh, ["mount", "--bind", str(source), str(target)]]


def _bind(mount: Mount, root: Path) -> list[list[str]]:
    source, target = str(mount.source.resolve(strict=True)), f"{root}{mount.target}"
    steps = [["mkdir", "-p", target], ["mount", "--bind", source, target]]
    if mount.source.is_file():
        steps[:1] = [["mkdir", "-p", str(Path(target).parent)], ["touch", target]]
    if mount.read_only:
        steps += [["mount", "-o", "remount,bind,ro", target]]
    return steps


def _descendants(process: int) -> Iterator[int]:
    """The processes that a process started, those that they started, and so on, nearest first."""
    with suppress(OSError):
        for child in Path(f"/proc/{process}/task/{process}/children").read_text().split():
            yield int(child)
            yield from _descendants(int(child))


def _is_inside(process: int, root: Path) -> bool:
    """Whether a process has changed its root and then become another program."""
    folder = Path(f"/proc/{process}")
    try:
        return (folder / "root").readlink() == root and (
            (folder / "comm").read_text().strip() != "unshare"
        )
    except OSError:
        return False


def _open(process: int) -> int | None:
    """A handle on a process: unlike its number it is never another's; `None` if it has ended."""
    try:
        return os.pidfd_open(process)
    except ProcessLookupError:
        return None


def _writable(path: Path) -> IO[bytes]:
    """A file for output, which a program may open again by the name /dev/stdout."""
    path.touch()
    path.chmod(0o666)
    return path.open("ab")


def _tool(name: str) -> str:
    """A program of this machine by its full path: PATH is the container's by then."""
    path = shutil.which(name)
    if path is None:
        raise EngineError(f"{name} is not installed")
    return path
