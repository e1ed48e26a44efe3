"""A README's quick start, run word for word."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.serving import serving
from tests.support import free_port, run

# Does not end by itself, so what comes after it is for a second terminal.
SERVES = "uv run python -m app dev\n"
# By itself curl calls an answer such as "500" a success.
CURL = "fail-with-body\n"


def blocks(readme: str, heading: str) -> list[str]:
    """The shell commands in a section of a README, as a person would paste them.

    Args:
        readme: The README's text.
        heading: The title of a second-level section.

    Returns:
        Its `sh` blocks, in order.
    """
    sections = re.split(r"^## ", readme, flags=re.MULTILINE)
    (section,) = [part for part in sections if part.startswith(f"{heading}\n")]
    found: list[str] = re.findall(r"^```sh\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    assert found
    return found


def paste(folder: Path, commands: list[str], env: dict[str, str] | None = None) -> None:
    """Run blocks of commands, each of which must succeed."""
    run(["bash", "-euo", "pipefail", "-c", "".join(commands)], cwd=folder, env=env)


def run_quick_start(folder: Path) -> None:
    """Do what a project's README says at first, with a second terminal where it serves."""
    commands = blocks((folder / "README.md").read_text(), "Quick start")
    if SERVES not in commands:
        paste(folder, commands)
        return
    at = commands.index(SERVES)
    paste(folder, commands[:at])
    # Word for word but for the port: other proofs run at the same time, and 8000 is there once.
    port = free_port()
    asked = [block.replace("127.0.0.1:8000", f"127.0.0.1:{port}") for block in commands[at + 1 :]]
    assert asked, "nothing is asked of the server"
    with TemporaryDirectory() as outside:
        (Path(outside) / ".curlrc").write_text(CURL)
        log = Path(outside) / "log"
        with serving(["bash", "-c", SERVES], port=port, log=log, cwd=folder):
            # Commands that speak to the server look for it where the settings say.
            paste(folder, asked, {"CURL_HOME": outside, "PORT": str(port)})
