"""The second door, cookiecutter, leads to the same project as the first."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from pytest_cookies.plugin import Cookies

from tests.support import ASKED, PROJECTS, QUESTIONS, REPOSITORY, commit_all, git, run, tree

NOT_JSON = (
    'Type another short name, such as file-organizer: "json" is the name of a Python keyword or'
    " standard-library module."
)
ONE_LINE = (
    "Type one sentence on one line, without control characters or marks that change the direction"
    " of text."
)
COOKIECUTTER = [sys.executable, "-m", "cookiecutter"]
OFFERED = json.loads((REPOSITORY / "cookiecutter.json").read_text())
ANSWERS = {
    "project_name": 'Ada\'s "best" \\ organizer 🗂️ מסדר',
    "project_slug": "ada-organizer",
    "description": "# key: [value] 'and' \"more\" $(x) & <b>",
    "user_name": "Ada \\ O'Neill",
    "user_email": "ada@example.com",
    "github_user": "ada-lovelace",
    "license": "Apache-2.0",
    "python_version": "3.12",
}


def copier_copy(template: Path, project: Path, answers: Mapping[str, str]) -> None:
    data = [f"--data={name}={value}" for name, value in answers.items()]
    run([sys.executable, "-m", "copier", "copy", "--defaults", "--quiet", *data, template, project])


@pytest.mark.parametrize("project", PROJECTS)
@pytest.mark.parametrize("answers", [{}, ANSWERS], ids=["defaults", "awkward"])
def test_both_doors_lead_to_the_same_bytes(
    cookies: Cookies, template: Path, tmp_path: Path, project: str, answers: dict[str, str]
) -> None:
    copier_copy(template, tmp_path / "copier", {"project": project, **answers})

    result = cookies.bake({"project": project, **answers}, template=str(template))

    assert result.exception is None
    assert result.project_path.name == answers.get("project_slug", project)
    assert tree(result.project_path) == tree(tmp_path / "copier")


def test_both_doors_ask_the_same_questions_in_the_same_order() -> None:
    assert [name for name in OFFERED if not name.startswith("_")] == ASKED


@pytest.mark.parametrize("question", ASKED)
def test_both_doors_ask_in_the_same_words_and_offer_the_same_choices(question: str) -> None:
    first = QUESTIONS[question]
    choices = first.get("choices")
    labels = {value: label for label, value in choices.items()} if isinstance(choices, dict) else {}
    prompt = OFFERED["__prompts__"][question]

    if choices:
        assert prompt == {"__prompt__": first["help"], **labels}
        assert OFFERED[question] == (list(labels) or choices)
    else:
        assert prompt == first["help"]


@pytest.mark.parametrize(
    ("question", "answer", "message"),
    [
        ("project_slug", "json", NOT_JSON),
        ("user_email", "ada", "Type an e-mail address such as ada@example.com."),
        ("description", "two\nlines", ONE_LINE),
    ],
)
def test_a_bad_answer_is_refused_in_copiers_words_and_leaves_nothing_behind(
    template: Path, tmp_path: Path, question: str, answer: str, message: str
) -> None:
    done = subprocess.run(
        [*COOKIECUTTER, "--no-input", template, f"{question}={answer}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert done.stderr.splitlines()[0] == f"Validation error for question '{question}': {message}"
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_project_from_this_door_can_be_updated(template: Path, tmp_path: Path) -> None:
    source = tmp_path / "template"
    run(["git", "clone", "--quiet", template, source])
    run([*COOKIECUTTER, "--no-input", source], cwd=tmp_path)
    project = tmp_path / "file-organizer"
    commit_all(project, "From the template")
    with (source / "templates" / "{{every_project}}" / ".editorconfig").open("a") as file:
        file.write("\n# a fix\n")
    commit_all(source, "A fix")
    git(source, "tag", "v1.1.0")

    run([sys.executable, "-m", "copier", "update", "--defaults", "--quiet"], cwd=project)

    assert git(project, "diff", "--name-only").split() == [".copier-answers.yml", ".editorconfig"]


def test_a_relative_path_is_recorded_as_the_place_it_meant(template: Path, tmp_path: Path) -> None:
    run(["git", "clone", "--quiet", template, tmp_path / "seedbed"])

    run([*COOKIECUTTER, "--no-input", "seedbed"], cwd=tmp_path, env={"PWD": str(tmp_path)})

    answers = yaml.safe_load((tmp_path / "file-organizer" / ".copier-answers.yml").read_text())
    assert answers["_src_path"] == str(tmp_path / "seedbed")


def test_a_git_address_is_recorded_as_it_was_given(template: Path, tmp_path: Path) -> None:
    address = f"git+file://{template}"

    run([*COOKIECUTTER, "--no-input", address], cwd=tmp_path)

    answers = yaml.safe_load((tmp_path / "file-organizer" / ".copier-answers.yml").read_text())
    assert answers["_src_path"] == address


def test_a_checkout_decides_the_version_and_without_one_it_is_the_latest_release(
    template: Path, tmp_path: Path
) -> None:
    source = tmp_path / "seedbed"
    run(["git", "clone", "--quiet", template, source])
    (source / "templates" / "{{every_project}}" / "NEWS").write_text("not released\n")
    commit_all(source, "Not released")

    run([*COOKIECUTTER, "--no-input", source, "project_slug=released"], cwd=tmp_path)
    run(
        [*COOKIECUTTER, "--no-input", "--checkout=HEAD", source, "project_slug=newest"],
        cwd=tmp_path,
    )

    assert not (tmp_path / "released" / "NEWS").exists()
    assert (tmp_path / "newest" / "NEWS").exists()


def bare_python(folder: Path) -> Path:
    """A Python that has cookiecutter and no Copier, with no uv on its path."""
    run(["uv", "venv", "--quiet", f"--python={sys.executable}", folder])
    python = folder / "bin" / "python"
    run(["uv", "pip", "install", "--quiet", f"--python={python}", "cookiecutter==2.7.1"])
    return python


def test_without_copier_uv_fetches_it(template: Path, tmp_path: Path) -> None:
    python = bare_python(tmp_path / "environment")
    uvx = shutil.which("uvx")
    assert uvx
    path = f"{Path(uvx).parent}:{os.environ['PATH']}"
    (tmp_path / "here").mkdir()

    run(
        [python, "-m", "cookiecutter", "--no-input", template],
        cwd=tmp_path / "here",
        env={"PATH": path},
    )

    copier_copy(template, tmp_path / "copier", {})
    assert tree(tmp_path / "here" / "file-organizer") == tree(tmp_path / "copier")


def test_without_copier_and_uv_one_command_is_named_and_nothing_left_behind(
    template: Path, tmp_path: Path
) -> None:
    python = bare_python(tmp_path / "environment")
    (tmp_path / "here").mkdir()
    git_only = tmp_path / "path"
    git_only.mkdir()
    (git_only / "git").symlink_to(shutil.which("git") or "")

    done = subprocess.run(
        [python, "-m", "cookiecutter", "--no-input", template],
        cwd=tmp_path / "here",
        env={**os.environ, "PATH": str(git_only)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert f"    {python} -m pip install copier\n" in done.stderr
    assert "Traceback" not in done.stderr
    assert list((tmp_path / "here").iterdir()) == []
