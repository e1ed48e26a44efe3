"""Helpers of the tests: the template at a known version, its questions, commands that must work."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

REPOSITORY = Path(__file__).parent.parent
QUESTIONS: Mapping[str, Any] = yaml.safe_load((REPOSITORY / "copier.yml").read_text())
PROJECTS: Sequence[str] = list(QUESTIONS["project"]["choices"].values())
SERVICES = [
    name for name in PROJECTS if QUESTIONS["projects"]["default"][name]["kind"] == "service"
]
# Projects with pages for people, which are looked at in a browser.
BROWSED = [
    name for name in PROJECTS if QUESTIONS["projects"]["default"][name]["framework"] == "django"
]
ASKED = [
    name
    for name, question in QUESTIONS.items()
    if not name.startswith("_") and question.get("when", True) and question.get("ask", True)
]
VERSION = "v1.0.0"


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> str:
    """Run a command that must succeed.

    Args:
        command: The program and its arguments.
        cwd: The folder to run it in.
        env: Variables to add to this process's own.

    Returns:
        What it wrote on standard output.

    Raises:
        AssertionError: It failed; the message has everything it wrote.
    """
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    shown = " ".join(map(str, command))
    assert done.returncode == 0, f"{shown}\nexit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def git(folder: Path, *arguments: str) -> str:
    """Run a Git command that must succeed in a folder, and return what it printed."""
    return run(["git", *arguments], cwd=folder)


def commit_all(folder: Path, message: str) -> None:
    """Put everything in a folder into one Git commit, making the repository where there is none."""
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--no-verify", "--message", message)


def scratch_template(folder: Path) -> Path:
    """Commit and tag the template, as it stands in the working tree, in a repository of its own.

    Args:
        folder: Where to make the repository; it must not exist.

    Returns:
        The folder.
    """
    folder.mkdir(parents=True)
    put_working_tree(folder)
    commit_all(folder, "The template as it stands")
    git(folder, "tag", VERSION)
    return folder


def put_working_tree(folder: Path) -> None:
    """Copy the template, as it stands in the working tree, into a folder."""
    listed = git(REPOSITORY, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        if (source := REPOSITORY / name).exists():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)


def copy_project(
    template: Path, parent: Path, project: str, *, version: str | None = None, **answers: str
) -> Path:
    """Copy a project from the template, as a person does who takes the defaults.

    Args:
        template: The template's repository.
        parent: The folder to make the project's folder in.
        project: The project's name.
        version: The tag of the template's version; the newest where none is named.
        **answers: Answers other than the defaults.

    Returns:
        The project's folder, put into Git.
    """
    folder = parent / project
    data = [f"--data={name}={value}" for name, value in {"project": project, **answers}.items()]
    options = ["--defaults", "--quiet", *([f"--vcs-ref={version}"] if version else []), *data]
    run([sys.executable, "-m", "copier", "copy", *options, template, folder])
    commit_all(folder, "From the template")
    return folder


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def http_status(url: str, *, seconds: float = 10) -> int:
    """The status that an address answers with; proxies are for other machines and not used."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=seconds)
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().status
    finally:
        connection.close()


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, Git's own left out, by its path."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }
