"""Pythons on this machine that can be copied into an image."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.image.commands import call
from tests.image.model import EngineError

ASK = """
import json, platform, sys
print(json.dumps([sys.base_prefix, platform.python_version(), sys.version]))
"""
# A distribution spreads its Python over folders that hold much else: there is nothing to copy.
SHARED_PREFIXES = (Path("/"), Path("/usr"))


@dataclass(frozen=True, slots=True)
class Interpreter:
    """An installed Python.

    Attributes:
        prefix: The folder that holds it.
        version: As in `3.13.0`.
        build: What tells it from another build of the same version.
    """

    prefix: Path
    version: str
    build: str

    @property
    def minor(self) -> str:
        """The version without its last part, as it names files: `3.13`."""
        return ".".join(self.version.split(".")[:2])


def find_interpreter(minor: str, home: Path) -> Interpreter:
    """A Python of this minor version.

    Raises:
        EngineError: There is none.
    """
    seen = set()
    for executable in _candidates(minor, home):
        found = _ask(executable)
        if found and found.minor == minor and found.prefix not in SHARED_PREFIXES:
            return found
        seen.add(f"{executable} ({found.version if found else 'does not run'})")
    raise EngineError(
        f"No Python {minor} is at hand. Install one with pyenv or uv, or put `python{minor}` on"
        f" PATH (one of the distribution cannot be copied). Seen: {', '.join(sorted(seen))}"
    )


def _candidates(minor: str, home: Path) -> Iterator[Path]:
    yield Path(sys.executable)
    if on_path := shutil.which(f"python{minor}"):
        yield Path(on_path)
    # Where pyenv and uv keep theirs, and beside the running Python, which may be one of them.
    pyenv = Path(os.environ.get("PYENV_ROOT") or home / ".pyenv", "versions")
    uv = home / ".local" / "share" / "uv" / "python"
    for folder in (pyenv, uv, Path(sys.base_prefix).parent):
        for name in (f"{minor}.*", f"cpython-{minor}.*"):
            yield from sorted(folder.glob(f"{name}/bin/python{minor}"), reverse=True)


def _ask(executable: Path) -> Interpreter | None:
    try:
        done = call([executable, "-I", "-c", ASK], timeout=30)
        prefix, version, build = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return Interpreter(Path(prefix), version, build)
