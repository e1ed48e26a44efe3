"""What Copier itself does, from its command line: what seedbed's own ways are compared with."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from seedbed.rendering import File, Tree
from tests.support import run

COPIER = (sys.executable, "-m", "copier")


def copied(template: Path, version: str, folder: Path, answers: Mapping[str, Any]) -> Tree:
    """Copy a project with `copier copy` into a folder, and read it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    data = folder.with_name("answers.yml")
    data.write_text(yaml.safe_dump(dict(answers)), encoding="utf-8")
    options = ("--defaults", "--quiet", f"--vcs-ref={version}", f"--data-file={data}")
    run([*COPIER, "copy", *options, template, folder])
    return files(folder)


def recopied(template: Path, version: str, folder: Path, answers_file: bytes) -> Tree:
    """Copy a project anew with `copier recopy`, from its answers file alone, and read it."""
    folder.mkdir(parents=True)
    (folder / ".copier-answers.yml").write_bytes(answers_file)
    options = ("--defaults", "--quiet", "--overwrite", f"--vcs-ref={version}")
    run([*COPIER, "recopy", *options, folder])
    assert str(template) in answers_file.decode()
    return files(folder)


def updated(version: str, folder: Path) -> Tree:
    """Update a clone with `copier update`, and read it."""
    run([*COPIER, "update", "--defaults", "--quiet", f"--vcs-ref={version}"], cwd=folder)
    return files(folder)


def files(folder: Path) -> Tree:
    """All files of a folder with their modes, Git's own left out."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name.split("/")[0] == ".git":
            continue
        if path.is_symlink():
            found[name] = File("120000", str(path.readlink()).encode())
        elif path.is_file():
            mode = "100755" if path.stat().st_mode & 0o100 else "100644"
            found[name] = File(mode, path.read_bytes())
    return found
