"""`seedbed init`: the files that a cohort begins with."""

import json
import os
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from seedbed.model import SeedbedError, UsageError
from seedbed.visible import visible

NAMES = ("cohort.toml", "roster.csv")


def write_initial(
    folder: Path, *, dry_run: bool, template: tuple[str, str] | None = None
) -> Sequence[Path]:
    """Write a commented `cohort.toml` and a sample `roster.csv`: both, or nothing.

    Args:
        folder: Where to write them; it is made if there is none.
        dry_run: Only look whether they can be written.
        template: The template's source and version; without them, the sample's.

    Returns:
        The files.

    Raises:
        UsageError: One of them exists.
        SeedbedError: They cannot be written.
    """
    files = [folder / name for name in NAMES]
    if there := [str(file) for file in files if os.path.lexists(file)]:
        raise _taken(there)
    if dry_run:
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"{visible(str(folder))} is no folder. Name another.")
        return files
    contents = {file: _content(file.name, template) for file in files}
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in contents.items():
            # Nobody's file is overwritten, even one that was made just now.
            with file.open("xb") as stream:
                written.append(file)
                stream.write(content)
    except OSError as error:
        for file in written:
            file.unlink(missing_ok=True)
        if isinstance(error, FileExistsError) and error.filename in map(str, files):
            raise _taken([str(error.filename)]) from error
        where = visible(str(folder))
        raise SeedbedError(f"Nothing can be written to {where}: {error.strerror}.") from error
    return files


def _content(name: str, template: tuple[str, str] | None) -> bytes:
    content = resources.files("seedbed").joinpath("initial", name).read_text(encoding="utf-8")
    for key, value in zip(("source", "version"), template or (), strict=False):
        before, line, after = content.partition(f"\n{key} = ")
        if line:
            # A text of JSON is one of TOML as well.
            rest = after.partition("\n")[2]
            content = f"{before}{line}{json.dumps(value, ensure_ascii=False)}\n{rest}"
    try:
        return content.encode()
    except UnicodeEncodeError as error:
        raise UsageError(
            f"The template's folder has a name that is not UTF-8: {visible(str(template))}. Rename"
            " the folder."
        ) from error


def _taken(there: Sequence[str]) -> UsageError:
    names = visible(" and ".join(there))
    return UsageError(
        f"{names} exist{'s' if len(there) == 1 else ''} already, and nothing was written. "
        "Name another folder, or move what is there."
    )
