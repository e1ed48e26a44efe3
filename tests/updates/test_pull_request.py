"""What the workflow of a project does every week, with a stand-in for GitHub's program."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import commit_all, copy_project, git, run
from tests.updates.history import layer, release_as, replace

PROJECT = "file-organizer"
NEXT = "v1.1.0"
SCRIPT = "scripts/update_from_template.sh"

# Notes what it is called with, and the text; says that nothing is open, or that something is.
GH = """\
#!/bin/sh
echo "$@" >> "$NOTED"
while [ $# -gt 0 ]; do
  if [ "$1" = --body-file ]; then cp "$2" "$NOTED.text"; fi
  if [ "$1" = list ]; then cat "$NOTED.open" 2>/dev/null; fi
  shift
done
"""
UVX = f"""\
#!/bin/sh
shift 3
exec {sys.executable} -m copier "$@"
"""


@pytest.fixture
def mine(changing: Path, tmp_path: Path) -> Path:
    """A learner's project, with a remote."""
    folder = copy_project(changing, tmp_path, PROJECT)
    replace(folder / ".editorconfig", "max_line_length = 100", "max_line_length = 88")
    commit_all(folder, "My work")
    git(tmp_path, "init", "--quiet", "--bare", "remote.git")
    git(folder, "remote", "add", "origin", str(tmp_path / "remote.git"))
    git(folder, "push", "--quiet", "origin", "main")
    return folder


@pytest.fixture
def noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What GitHub's program was called with."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, text in {"gh": GH, "uvx": UVX}.items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.setenv("NOTED", str(tmp_path / "noted"))
    return tmp_path / "noted"


def lengthen_lines(changing: Path) -> None:
    """Change a line that the learner has changed too."""
    replace(layer(changing) / ".editorconfig", "max_line_length = 100", "max_line_length = 120")


def change_workflow(changing: Path) -> None:
    """Change a workflow."""
    with (layer(changing) / ".github" / "workflows" / "ci.yml").open("a") as file:
        file.write("\n# a fix\n")


def text_of(noted: Path) -> str:
    return Path(f"{noted}.text").read_text()


def test_without_a_newer_version_nothing_is_done(mine: Path, noted: Path) -> None:
    assert run([f"./{SCRIPT}"], cwd=mine) == "There is nothing newer than v1.0.0.\n"
    assert not noted.exists()
    assert git(mine, "ls-remote", "--heads", "origin").split()[1::2] == ["refs/heads/main"]


def test_a_newer_version_becomes_a_pull_request_whose_text_lists_the_conflicts(
    changing: Path, mine: Path, noted: Path
) -> None:
    lengthen_lines(changing)
    release_as(changing, NEXT, "Longer lines")
    main = git(mine, "rev-parse", "main")

    run([f"./{SCRIPT}"], cwd=mine)

    *_, created = noted.read_text().splitlines()
    title = "Update from the template: v1.0.0 to v1.1.0"
    assert created.startswith(f"pr create --head template-update --title {title} --body-file ")
    assert text_of(noted) == (
        "The template that this project grew from has changed from v1.0.0 to v1.1.0.\n\n"
        "Here both sides changed the same lines. Edit each marked place, then commit:\n\n"
        "- .editorconfig\n"
    )
    assert git(mine, "ls-remote", "origin", "refs/heads/main").split()[0] == main.strip()
    pushed = git(mine, "show", "origin/template-update:.editorconfig")
    assert "max_line_length = 88" in pushed
    assert "max_line_length = 120" in pushed
    assert git(mine, "log", "--format=%s", "main..origin/template-update") == f"{title}\n"


def test_an_open_pull_request_is_brought_up_to_date(
    changing: Path, mine: Path, noted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lengthen_lines(changing)
    release_as(changing, NEXT, "Longer lines")
    run([f"./{SCRIPT}"], cwd=mine)
    git(mine, "switch", "--quiet", "main")
    Path(f"{noted}.open").write_text("7\n")
    change_workflow(changing)
    release_as(changing, "v1.2.0", "A fix of CI")
    monkeypatch.setenv("CAN_CHANGE_WORKFLOWS", "true")

    run([f"./{SCRIPT}"], cwd=mine)

    title = "Update from the template: v1.0.0 to v1.2.0"
    edited = f"pr edit template-update --title {title} --body-file "
    assert noted.read_text().splitlines()[-1].startswith(edited)
    assert git(mine, "log", "--format=%s", "main..origin/template-update") == f"{title}\n"


def test_what_somebody_has_pushed_to_an_open_pull_request_is_not_overwritten(
    changing: Path, mine: Path, noted: Path
) -> None:
    lengthen_lines(changing)
    release_as(changing, NEXT, "Longer lines")
    run([f"./{SCRIPT}"], cwd=mine)
    (mine / ".editorconfig").write_text("[*]\nmax_line_length = 88\n")
    commit_all(mine, "Resolve the conflict")
    git(mine, "push", "--quiet", "origin", "template-update")
    resolved = git(mine, "rev-parse", "HEAD").strip()
    git(mine, "switch", "--quiet", "main")
    Path(f"{noted}.open").write_text("7\n")
    noted.unlink()

    told = run([f"./{SCRIPT}"], cwd=mine)

    assert told.splitlines()[-1] == (
        "Somebody works on pull request 7, so it is left alone. Merge it; then the next one comes."
    )
    assert git(mine, "ls-remote", "origin", "template-update").split()[0] == resolved
    assert "pr edit" not in noted.read_text()


def test_a_branch_of_a_pull_request_that_was_closed_is_begun_anew(
    changing: Path, mine: Path, noted: Path
) -> None:
    lengthen_lines(changing)
    release_as(changing, NEXT, "Longer lines")
    git(mine, "switch", "--quiet", "--create", "template-update")
    (mine / "old").write_text("old\n")
    commit_all(mine, "Resolve an older conflict")
    git(mine, "push", "--quiet", "origin", "template-update")
    git(mine, "switch", "--quiet", "main")

    run([f"./{SCRIPT}"], cwd=mine)

    assert noted.read_text().splitlines()[-1].startswith("pr create ")
    subjects = git(mine, "log", "--format=%s", "main..origin/template-update").splitlines()
    assert subjects == ["Update from the template: v1.0.0 to v1.1.0"]


def test_a_template_that_is_a_folder_elsewhere_is_told(mine: Path, noted: Path) -> None:
    answers = (mine / ".copier-answers.yml").read_text()
    source = next(line for line in answers.splitlines() if line.startswith("_src_path: "))
    replace(mine / ".copier-answers.yml", source, "_src_path: /home/ada/seedbed")
    commit_all(mine, "Begun on a laptop")

    done = subprocess.run([f"./{SCRIPT}"], cwd=mine, check=False, capture_output=True, text=True)

    message = (
        "The template, /home/ada/seedbed, is a folder of another machine. Write the address of its"
        " Git\nrepository into .copier-answers.yml, under _src_path, or delete the workflow"
        " template.yml.\n"
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, "", message)
    assert not noted.exists()


def test_workflows_that_the_token_may_not_push_are_told_in_an_issue(
    changing: Path, mine: Path, noted: Path
) -> None:
    change_workflow(changing)
    release_as(changing, NEXT, "A fix of CI")

    run([f"./{SCRIPT}"], cwd=mine)

    assert noted.read_text().splitlines()[-1].startswith("issue create --title ")
    assert "    uvx copier update\n" in text_of(noted)
    assert git(mine, "ls-remote", "--heads", "origin").split()[1::2] == ["refs/heads/main"]


def test_an_issue_that_is_open_is_enough(changing: Path, mine: Path, noted: Path) -> None:
    change_workflow(changing)
    release_as(changing, NEXT, "A fix of CI")
    Path(f"{noted}.open").write_text("7\n")

    run([f"./{SCRIPT}"], cwd=mine)

    assert "issue create" not in noted.read_text()


def test_with_a_token_that_may_workflows_are_pushed_too(
    changing: Path, mine: Path, noted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_workflow(changing)
    release_as(changing, NEXT, "A fix of CI")
    monkeypatch.setenv("CAN_CHANGE_WORKFLOWS", "true")

    run([f"./{SCRIPT}"], cwd=mine)

    assert noted.read_text().splitlines()[-1].startswith("pr create ")
    assert text_of(noted).endswith(
        "Nothing conflicts with what was changed here. Look at the difference all the same.\n"
    )
    pushed = git(mine, "show", "origin/template-update:.github/workflows/ci.yml")
    assert pushed.endswith("\n# a fix\n")
