"""What tests of several layers need: pictures of folders, processes, and ways to die."""

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import file_organizer

PACKAGE = str(Path(file_organizer.__file__).parent)
NOBODY = 65534

# The smallest rules that move something.
TEXTS_TO_DOCS = """
[[rules]]
name = "Texts"
match.extension = "txt"
target = "Docs"
"""


class Result(NamedTuple):
    """What a command leaves behind for its caller."""

    code: int
    out: str
    err: str


Organize = Callable[..., Result]


def make_files(folder: Path, *names: str) -> None:
    """Files whose content is their name, so that a swapped file shows."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"content of " + os.fsencode(name))


def tree(folder: Path) -> dict[str, str]:
    """All below the folder: the start of a file's content, a link's text, `/` for a folder."""
    found = {}
    for parent, folders, files in os.walk(folder):
        for name in folders + files:
            path = Path(parent, name)
            key = str(path.relative_to(folder))
            if path.is_symlink():
                found[key] = f"-> {path.readlink()}"
            elif path.is_dir():
                found[key] = "/"
            else:
                found[key] = path.read_bytes()[:60].decode("utf-8", "backslashreplace")
    return found


def names(folder: Path) -> list[str]:
    """The files and links below the folder, sorted; no folders."""
    return sorted(name for name, what in tree(folder).items() if what != "/")


def contents(folder: Path) -> Counter[str]:
    """How often each content is there, wherever it is and whatever it is called."""
    counter: Counter[str] = Counter()
    for parent, folders, files in os.walk(folder):
        for name in folders + files:
            path = Path(parent, name)
            if path.is_symlink():
                counter[f"-> {path.readlink()}"] += 1
            elif path.is_file():
                counter[hashlib.sha256(path.read_bytes()).hexdigest()] += 1
    return counter


def run_process(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """The program as a process of its own."""
    command = [sys.executable, "-m", "file_organizer", *map(str, arguments)]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.run(command, check=False, timeout=60, **(streams | options))


def patched_command(patch: str, *arguments: str | Path) -> list[str]:
    """A command line that runs the program after some lines that change it."""
    program = "from file_organizer.cli import main\nsys.exit(main())\n"
    code = "import os, signal, sys\n" + textwrap.dedent(patch) + program
    return [sys.executable, "-c", code, *map(str, arguments)]


def run_patched(patch: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The program as a process of its own, changed by some lines before it starts."""
    command = patched_command(patch, *arguments)
    return subprocess.run(command, check=False, timeout=60, capture_output=True, text=True)


def killed_at(point: int, action: Callable[..., object], *arguments: object) -> bool:
    """Do something in a child process and kill it with SIGKILL before its n-th line.

    Lines of the package count, from the moment the journal begins to record. Returns whether the
    child was killed; False means that it came to its end before.
    """
    child = os.fork()
    if child == 0:  # pragma: no cover - the child leaves no coverage behind
        code = 1
        try:
            with open(os.devnull, "w") as nowhere:
                os.dup2(nowhere.fileno(), 1)
                os.dup2(nowhere.fileno(), 2)
            sys.settrace(_killer(point))
            action(*arguments)
            code = 0
        finally:
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0, "the child failed by itself"
    return False


def _killer(point: int) -> Callable[[FrameType, str, Any], Any]:  # pragma: no cover - see above
    seen = 0
    recording = False

    def on_line(_frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal seen
        if event == "line":
            seen += 1
            if seen == point:
                os.kill(os.getpid(), signal.SIGKILL)
        return on_line

    def on_call(frame: FrameType, _event: str, _argument: Any) -> Any:
        nonlocal recording
        path = frame.f_code.co_filename
        # Looking through /proc changes nothing, and takes long in a machine with many processes.
        if not path.startswith(PACKAGE) or path.endswith("in_use.py"):
            return None
        recording = recording or frame.f_code.co_name in {"begin", "mark"}
        return on_line if recording else None

    return on_call


@contextlib.contextmanager
def unprivileged() -> Iterator[None]:
    """Tests often run as root in a container, and root may do anything: be nobody for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


def give_to_nobody(*paths: Path) -> None:
    """Let `unprivileged` own these; nothing to do where we are not root."""
    if os.geteuid() == 0:
        for path in paths:
            os.chown(path, NOBODY, NOBODY)
