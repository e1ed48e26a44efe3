"""What learners do to their projects, as functions that work on any version of them."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

PACKAGE: Mapping[str, str] = {
    "file-organizer": "file_organizer",
    "blog-api": "app",
    "commerce-backend": "app",
    "task-manager": "app",
}
RENAMED: Mapping[str, tuple[str, str]] = {
    "file-organizer": ("why_not", "reasons"),
    "blog-api": ("profile_of", "profile_by"),
    "commerce-backend": ("email_key", "email_ref"),
    "task-manager": ("locate", "placed"),
}
"""A function of each project, and the name that somebody likes better: one that is as long, so that
no line has to be broken elsewhere. No version has changed a line beside those that have it: what
happens where one does is shown in test_rules.py."""

UNWANTED = "SECURITY.md"
REFORMATTED: Mapping[str, str] = {
    "file-organizer": "src/file_organizer/journal.py",
    "blog-api": "src/app/articles/service.py",
    "commerce-backend": "src/app/carts/services.py",
    "task-manager": "src/app/live/hub.py",
}
"""A module of each project that somebody formats in a way of their own."""

OWN_WORDS = """\
> Teams that I know write their tasks on paper, and lose the paper. I wanted to see whether I could
> do better, and chose what I would use myself.
"""
OWN_MODULE = '''\
"""Sizes, as people say them."""

from humanize import naturalsize


def spoken(size: int) -> str:
    """Say a number of bytes."""
    return naturalsize(size, binary=True)
'''
OWN_TEST = '''\
"""Sizes, as people say them."""

from {package}.spoken import spoken


def test_a_size_is_said_in_its_greatest_unit() -> None:
    assert spoken(2048) == "2.0 KiB"
'''


def write_own_words(folder: Path, _project: str) -> None:
    """Say in the README what problem this solves."""
    _replace(
        folder / "README.md",
        r"> \*\*Your words: the problem\.\*\*(.*\n)(>.*\n)*",
        OWN_WORDS.replace("\\", "\\\\"),
    )


def add_module(folder: Path, project: str) -> None:
    """Add a module and a test of it."""
    package = PACKAGE[project]
    (folder / "src" / package / "spoken.py").write_text(OWN_MODULE, encoding="utf-8")
    test = folder / "tests" / "unit" / "test_spoken.py"
    test.write_text(OWN_TEST.format(package=package), encoding="utf-8")


def add_dependency(folder: Path, _project: str) -> None:
    """Add a dependency, as the first of all."""
    _replace(folder / "pyproject.toml", r"^dependencies = \[\n", '\\g<0>  "humanize>=4.12",\n')


def change_setting(folder: Path, _project: str) -> None:
    """Change a setting of a tool."""
    _replace(folder / "pyproject.toml", r"^show_missing = true$", "show_missing = false")


def rename_function(folder: Path, project: str) -> None:
    """Rename a function wherever it is used."""
    before, after = RENAMED[project]
    files = [path for part in ("src", "tests") for path in sorted((folder / part).rglob("*.py"))]
    changed = [path for path in files if re.search(rf"\b{before}\b", path.read_text("utf-8"))]
    assert changed, f"nothing is called {before} any more: choose another function"
    for path in changed:
        text = re.sub(rf"\b{before}\b", after, path.read_text(encoding="utf-8"))
        path.write_text(text, encoding="utf-8")


def delete_file(folder: Path, _project: str) -> None:
    """Delete a file that nobody wants here."""
    (folder / UNWANTED).unlink()


def reformat(folder: Path, project: str) -> None:
    """Give each parameter of a module's functions a line of its own; the formatter leaves it so."""
    _replace(
        folder / REFORMATTED[project],
        r"^(?P<indent> *)(?P<name>(async )?def \w+)\((?P<parameters>[^()\[\]\n]+)\)(?P<rest>.*:)$",
        _one_line_each,
    )


EDITS: tuple[Callable[[Path, str], None], ...] = (
    write_own_words,
    add_module,
    add_dependency,
    change_setting,
    rename_function,
    delete_file,
    reformat,
)


def edit(folder: Path, project: str) -> None:
    """Do to a project what learners do."""
    for change in EDITS:
        change(folder, project)


def _replace(path: Path, pattern: str, replacement: str | Callable[[re.Match[str]], str]) -> None:
    before = path.read_text(encoding="utf-8")
    text, count = re.subn(pattern, replacement, before, flags=re.MULTILINE)
    assert count, f"{path.name} has no {pattern}"
    path.write_text(text, encoding="utf-8")


def _one_line_each(definition: re.Match[str]) -> str:
    indent, name, parameters, rest = definition.group("indent", "name", "parameters", "rest")
    lines = "".join(f"{indent}    {one},\n" for one in parameters.split(", "))
    return f"{indent}{name}(\n{lines}{indent}){rest}"
