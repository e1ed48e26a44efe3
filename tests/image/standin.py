"""A stand-in for the official Python images, for machines that reach no container registry.

Debian's base system comes from Debian, the Python is a copy of one of this machine; where there is
none that can be copied, Debian's own serves as the version that it is.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.image.buildah import ISOLATION, Store
from tests.image.commands import call, must
from tests.image.interpreters import Interpreter, find_interpreter
from tests.image.model import EngineError

RECIPE = "2"  # to be raised with every change of what is made here: old stand-ins are left alone
SUITE = "bookworm"
PYTHON_IMAGE = re.compile(rf"python:(?P<minor>\d+\.\d+)(?:\.\d+)?(?:-slim)?(?:-{SUITE})?(?:@.*)?")
# What the official image's Python is linked against, beside what Debian's smallest system has.
PACKAGES = (
    *("ca-certificates", "netbase", "tzdata"),
    *("libbz2-1.0", "libexpat1", "libffi8", "liblzma5", "libncursesw6", "libreadline8"),
    *("libsqlite3-0", "libssl3", "libuuid1", "zlib1g"),
)
# What Debian's own Python needs to be used like the official image's.
DEBIAN_PYTHON = "3.11"
DEBIAN_PACKAGES = ("python3", "python3-pip", "python3-venv")
DEBIAN_FINISH = """
set -eu
rm /usr/lib/python3*/EXTERNALLY-MANAGED
ln -s /usr/bin/python3 /usr/local/bin/python3
ln -s /usr/bin/python3 /usr/local/bin/python
rm -rf /var/cache/apt/archives/*.deb /var/lib/apt/lists/*
"""
LEFT_OUT = ("__pycache__", "config-*", "idlelib", "site-packages", "test", "tkinter", "turtledemo")
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
# Whatever downloads in a build must trust what this machine trusts, whichever way it asks.
TRUST = {
    "SSL_CERT_FILE": CERTIFICATES,
    "PIP_CERT": CERTIFICATES,
    "REQUESTS_CA_BUNDLE": CERTIFICATES,
    "UV_SYSTEM_CERTS": "1",
}
LIKE_OFFICIAL = {
    "PATH": "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG": "C.UTF-8",
}
FINISH = """
set -eu
ldconfig
PIP_ROOT_USER_ACTION=ignore python -m ensurepip --default-pip >/dev/null
python -c 'import bz2, ctypes, curses, lzma, readline, sqlite3, ssl, uuid, zlib'
rm -rf /var/cache/apt/archives/*.deb /var/lib/apt/lists/*
"""


@dataclass(frozen=True, slots=True)
class StandIn:
    """What a stand-in is made of.

    Attributes:
        interpreter: The Python to copy; None takes Debian's own.
        certificates: What this machine trusts, if that is not what Debian trusts.
    """

    interpreter: Interpreter | None
    certificates: bytes | None

    @classmethod
    def of(cls, image: str, home: Path) -> "StandIn":
        """Find what is needed to stand in for an image.

        Raises:
            EngineError: It cannot be stood in for, or no such Python is at hand.
        """
        match = PYTHON_IMAGE.fullmatch(image)
        if not match:
            raise EngineError(
                f"{image}: no registry gives it, and only `python:X.Y[-slim][-{SUITE}]` can be"
                " stood in for"
            )
        interpreter = None
        try:
            interpreter = find_interpreter(match["minor"], home)
        except EngineError as problem:
            if match["minor"] != DEBIAN_PYTHON:
                raise EngineError(f"{image}: no registry gives it. {problem}") from problem
        bundle = os.environ.get("SSL_CERT_FILE")
        return cls(interpreter, Path(bundle).read_bytes() if bundle else None)

    @property
    def reference(self) -> str:
        """The image's name: another one for other ingredients."""
        ingredients = [RECIPE, SUITE, *self._packages, str(self.interpreter)]
        ingredients.append(repr(self.certificates))
        digest = hashlib.sha256("\n".join(ingredients).encode()).hexdigest()[:16]
        minor = self.interpreter.minor if self.interpreter else DEBIAN_PYTHON
        return f"localhost/seedbed/python-{minor}:{digest}"

    @property
    def origin(self) -> str:
        """Where its Python is from, for a reader of the tests' results."""
        if self.interpreter is None:
            return f"Debian with its own Python {DEBIAN_PYTHON}"
        return f"Debian with a copy of this machine's Python {self.interpreter.version}"

    @property
    def _packages(self) -> tuple[str, ...]:
        return PACKAGES if self.interpreter else (*PACKAGES, *DEBIAN_PACKAGES)

    def make(self, store: Store) -> None:
        """Make the image in a store."""
        container, root = store.new_container("scratch")
        try:
            _install_debian(root, self._packages)
            if self.interpreter:
                _copy_python(self.interpreter, root)
            if self.certificates:
                (root / CERTIFICATES.lstrip("/")).write_bytes(self.certificates)
            variables = {**LIKE_OFFICIAL, **(TRUST if self.certificates else {})}
            store.do("config", *_config(variables), container)
            finish = FINISH if self.interpreter else DEBIAN_FINISH
            store.do("run", *ISOLATION, container, "--", "sh", "-c", finish)
            store.do("commit", "--quiet", "--format", "docker", container, self.reference)
        finally:
            store.do("rm", container)


def _install_debian(root: Path, packages: Iterable[str]) -> None:
    command = ["debootstrap", "--variant=minbase", f"--include={','.join(packages)}", SUITE]
    # In a mount namespace of its own: killed at any moment, it leaves nothing mounted in the root.
    must(["unshare", "--mount", *command, root, *_mirror()], timeout=480)


def _mirror() -> list[str]:
    """The mirror that this machine's apt uses for the suite, or nothing: debootstrap knows one."""
    wanted = ["Created-By: Packages", "Origin: Debian", f"Codename: {SUITE}", "Component: main"]
    try:
        listed = call(["apt-get", "indextargets", "--format", "$(REPO_URI)", *wanted])
    except OSError:
        return []
    return listed.stdout.split()[:1]


def _copy_python(interpreter: Interpreter, root: Path) -> None:
    local, name = root / "usr" / "local", f"python{interpreter.minor}"
    standard, left_out = interpreter.prefix / "lib" / name, shutil.ignore_patterns(*LEFT_OUT)
    shutil.copytree(standard, local / "lib" / name, symlinks=True, ignore=left_out)
    (local / "lib" / name / "site-packages").mkdir()
    for library in interpreter.prefix.glob("lib/libpython3*.so*"):
        shutil.copy2(library, local / "lib", follow_symlinks=False)
    shutil.copy2(interpreter.prefix / "bin" / name, local / "bin" / name)
    for link in ("python3", "python"):
        (local / "bin" / link).symlink_to(name)


def _config(variables: Mapping[str, str]) -> list[str]:
    options = ["--cmd", '["python3"]', "--label", "seedbed.stand-in=true"]
    for name, value in variables.items():
        options += ["--env", f"{name}={value}"]
    return options
