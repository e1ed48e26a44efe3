"""The way from cookiecutter's door to Copier: the hooks on both sides of generation use it.

Imported by a hook, in cookiecutter's Python, it finds a Python that has Copier. Started by that
Python as a program, it lets Copier work.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

NO_COPIER = """\
Copier does the work behind this template, and it is not installed. Run this one command, then
cookiecutter again:

    {python} -m pip install copier
"""


def python_with_copier() -> list[str]:
    """How to start a Python that can import Copier.

    Returns:
        The beginning of a command: this Python where Copier is installed beside it, else the one
        that uv makes.

    Raises:
        SystemExit: There is neither; the message says what to install.
    """
    if importlib.util.find_spec("copier"):
        return [sys.executable]
    if uvx := shutil.which("uvx"):
        return [uvx, "--quiet", "--from=copier", "python"]
    raise SystemExit(NO_COPIER.format(python=sys.executable))


def template_source(context: Mapping[str, Any]) -> str:
    """What Copier records as the project's template.

    Args:
        context: Cookiecutter's context.

    Returns:
        The address that was given to cookiecutter. A path is made absolute: a relative one would
        mean another place when `copier update` is run in the project.
    """
    given: str = context["_template"]
    path = Path(os.environ.get("PWD", ""), given)
    return str(path.resolve()) if path.is_dir() else given


def hand_over(context: Mapping[str, Any], *, pretend: bool) -> None:
    """Let Copier fill the current folder with the project.

    Args:
        context: Cookiecutter's context, the answers among its keys.
        pretend: Only check the answers; write nothing.

    Raises:
        SystemExit: Copier refused or failed, and said why on standard error.
    """
    order = {
        "src_path": template_source(context),
        "data": {name: value for name, value in context.items() if not name.startswith("_")},
        "vcs_ref": context["_checkout"],
        "pretend": pretend,
    }
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "order.json")
        file.write_text(json.dumps(order), encoding="utf-8")
        command = [*python_with_copier(), __file__, str(file)]
        status = subprocess.run(command, check=False).returncode  # noqa: S603 - our own command
    if status:
        raise SystemExit(status)


def main(order_file: str) -> None:
    """Carry out an order of `hand_over`.

    Args:
        order_file: A JSON file with the keyword arguments of `copier.run_copy`.

    Raises:
        SystemExit: Copier refused or failed; the message says why.
    """
    from copier import run_copy  # noqa: PLC0415 - cookiecutter's Python may not have it
    from copier.errors import CopierError  # noqa: PLC0415

    order = json.loads(Path(order_file).read_text(encoding="utf-8"))
    try:
        run_copy(dst_path=".", defaults=True, overwrite=True, quiet=True, **order)
    except (CopierError, ValueError) as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main(sys.argv[1])
