"""Cohorts whose repositories are reached as those of real ones are, and the program run on them."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.cohort.servers.faults import new_repository
from tests.cohort.servers.http_backend import HttpBackend, credential_store, http_backend
from tests.cohort.servers.proxy import Proxy, proxy
from tests.cohort.servers.ssh import SshServer, ssh_server

TRANSPORTS = ("folder", "http", "ssh", "ssh by its short name")
STUDENTS = ("ada", "bob", "cyd")
COHORT = """\
name = "Backend 2026"
[template]
source = "{template}"
version = "v1.0.0"
[answers]
author = "{{name}}"
project_name = "Work of {{name}}"
[repositories]
{repositories}
[commit]
author = "Backend 2026 <teachers@example.org>"
date = 2026-09-01T09:00:00Z
[git]
seconds = {seconds}
"""
ROSTER = "name,email\n" + "".join(f"{name.title()},{name}@example.org\n" for name in STUDENTS)


@dataclass(frozen=True)
class Done:
    """How a run of the program ended.

    Attributes:
        code: Its exit code.
        lines: What it wrote on standard output, the lines of students in the roster's order.
        errors: What it wrote on standard error.
    """

    code: int
    lines: Sequence[str]
    errors: str


@dataclass(frozen=True)
class Cohorting:
    """A cohort, and where its repositories really are.

    Attributes:
        folder: The folder with `cohort.toml`.
        root: The folder that all repositories are in, on whatever machine.
        address: Git's address of a student's repository.
        env: What Git needs to get in.
        server: The server, if there is one.
        line: The line to it, on which faults can happen; there is one where there is a server.
    """

    folder: Path
    root: Path
    address: Callable[[str], str]
    env: Mapping[str, str] = field(default_factory=dict)
    server: HttpBackend | SshServer | None = None
    line: Proxy | None = None

    def repository(self, slug: str) -> Path:
        """A student's repository, as its host sees it."""
        return self.root / f"{slug}.git"

    def with_env(self, env: Mapping[str, str]) -> "Cohorting":
        """The same for one who has other keys or passwords."""
        return replace(self, env=env)

    def seedbed(self, *arguments: str) -> Done:
        """Run the program to its end, one student after another."""
        done = subprocess.run(
            [sys.executable, "-m", "seedbed", *arguments, "--jobs=1"],
            cwd=self.folder,
            env={**os.environ, **self.env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        return Done(done.returncode, done.stdout.splitlines(), done.stderr)


@contextmanager
def cohort_by(
    transport: str, folder: Path, template: Path, *, seconds: float = 60
) -> Iterator[Cohorting]:
    """Make a cohort with three students.

    Where there is a server, the repositories are there, and empty, as when a host was asked for
    them; seedbed makes those in a folder itself.

    Args:
        transport: How the repositories are reached, one of `TRANSPORTS`.
        folder: Where to make all this; it must not exist.
        template: The template.
        seconds: How long one call of Git may take.
    """
    root, cohort = folder / "root", folder / "cohort"
    root.mkdir(parents=True)
    cohort.mkdir()
    with ExitStack() as stack:
        if transport == "folder":
            made = Cohorting(cohort, root, lambda slug: f"{root}/{slug}.git")
            repositories = f'folder = "{root}"'
        else:
            for slug in STUDENTS:
                new_repository(root / f"{slug}.git")
            made = stack.enter_context(_by_server(transport, cohort, root, folder))
            repositories = f'url = "{made.address("{slug}")}"'
        text = COHORT.format(template=template, repositories=repositories, seconds=seconds)
        (cohort / "cohort.toml").write_text(text)
        (cohort / "roster.csv").write_text(ROSTER)
        yield made


@contextmanager
def _by_server(transport: str, cohort: Path, root: Path, folder: Path) -> Iterator[Cohorting]:
    with ExitStack() as stack:
        if transport == "http":
            http = stack.enter_context(http_backend(root))
            line = stack.enter_context(proxy(http.port))
            by_line = HttpBackend(root, http.user, http.password, line.port)
            env = credential_store(folder / "person", by_line)
            url = by_line.url
            yield Cohorting(cohort, root, lambda slug: f"{url}/{slug}.git", env, http, line)
            return
        ssh = stack.enter_context(ssh_server(root, folder / "ssh"))
        line = stack.enter_context(proxy(ssh.port))
        alias, env = ssh.alias(line.port)
        url = ssh.url_at(line.port)
        short = transport == "ssh by its short name"
        base = f"{alias}:" if short else f"{url}/"
        yield Cohorting(cohort, root, lambda slug: f"{base}{slug}.git", env, ssh, line)
