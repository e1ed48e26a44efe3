"""What README and docs/cohorts.md tell an instructor to type does what they say."""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from seedbed.model import State
from seedbed.roster import read_roster
from tests.support import REPOSITORY, VERSION, git, run, scratch_template

STATES = re.compile(r"^\| (\w[\w ]*) \|", re.MULTILINE)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, own_settings_kept_out: None) -> Path:  # noqa: ARG001
    """A clone of this repository, from which seedbed was installed as the README says."""
    clone = scratch_template(tmp_path_factory.mktemp("installed") / "seedbed")
    git(clone, "commit", "--quiet", "--allow-empty", "--message=Release 1.1.0")
    git(clone, "tag", "v1.1.0")
    return clone


def environment(clone: Path) -> Mapping[str, str]:
    """An instructor's environment, with nothing of this one's."""
    tools = clone.parent / "tools"
    return {
        "UV_TOOL_DIR": str(tools),
        "UV_TOOL_BIN_DIR": str(tools / "bin"),
        "UV_PYTHON_DOWNLOADS": "never",
        "PATH": f"{tools / 'bin'}{os.pathsep}{os.environ['PATH']}",
    }


def blocks(document: Path, heading: str) -> Sequence[str]:
    """The commands in a part of a document."""
    text = document.read_text(encoding="utf-8")
    part = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", part, re.DOTALL)


def typed(clone: Path, folder: Path, *commands: str) -> str:
    """Type commands into a shell, one block after another in the same."""
    script = "\n".join(["set -eu", *commands])
    return run(["bash", "-c", script], cwd=folder, env=environment(clone))


def test_the_readmes_commands_give_each_student_of_the_sample_a_repository(
    installed: Path,
) -> None:
    commands = blocks(REPOSITORY / "README.md", "Run a cohort")
    wrote = typed(installed, installed, *commands)
    assert "3 done" in wrote
    assert "3 students, template v1.1.0: 3 current" in wrote
    repositories = installed.parent / "backend-2026" / "repositories"
    names = ["ada-lovelace.git", "bletchley.git", "grace-hopper.git"]
    assert sorted(path.name for path in repositories.iterdir()) == names


def test_the_commands_of_the_cohorts_page_work_one_after_another(
    installed: Path, tmp_path: Path
) -> None:
    page = REPOSITORY / "docs" / "cohorts.md"
    term = str(tmp_path / "term")
    begin = [each.replace("../backend-2026", term) for each in blocks(page, "Begin")]
    older = f"sed -i 's/^version = .*/version = \"{VERSION}\"/' cohort.toml"
    headings = (
        "Give everybody a repository",
        "See who is where",
        "Bring everybody a newer version",
    )
    rest = [each for heading in headings for each in blocks(page, heading)]
    wrote = typed(installed, installed, *begin, older, *rest, "seedbed status")
    assert "3 behind" in wrote
    assert "3 update open" in wrote
    assert "pushed seedbed/v1.1.0" in wrote
    assert (tmp_path / "term" / "report.html").is_file()


def test_the_page_names_every_state_and_every_exit_code() -> None:
    text = (REPOSITORY / "docs" / "cohorts.md").read_text(encoding="utf-8")
    part = text.partition("| state | what it means |")[2].partition("\n\n")[0]
    assert STATES.findall(part) == [str(state) for state in State]
    codes = text.partition("\n## Exit codes\n")[2]
    assert re.findall(r"^\| (\d+) \|", codes, re.MULTILINE) == ["0", "1", "2", "3", "130"]


def test_the_mistake_on_the_page_is_told_in_these_words(tmp_path: Path) -> None:
    text = (REPOSITORY / "docs" / "cohorts.md").read_text(encoding="utf-8")
    (told,) = re.findall(r"```text\n(roster\.csv:.*)\n```", text)
    roster = tmp_path / "roster.csv"
    roster.write_text("name,email\nAda,ada@example.org\nGrace,grace@\n", encoding="utf-8")
    (mistake,) = read_roster(roster, frozenset()).mistakes
    assert str(mistake).endswith(told)
