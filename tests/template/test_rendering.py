"""A project is a function of the answers and the template's version, and of nothing else."""

import sys
from pathlib import Path

import jinja2
import pexpect
import pytest
import yaml
from jinja2 import nodes

from tests.support import ASKED, PROJECTS, QUESTIONS, REPOSITORY, VERSION, run, tree

COPIER = [sys.executable, "-m", "copier"]
# Filters whose result depends on what they are given, and on nothing else. Copier has others, which
# read the clock (`strftime`), the machine (`fileglob`) or throw dice (`random`, `shuffle`).
FILTERS = {"join", "length", "lower", "regex_search", "replace", "to_nice_yaml"}


def copy(source: str | Path, project: Path, *options: str) -> None:
    run([*COPIER, "copy", "--defaults", "--quiet", *options, source, project])


@pytest.mark.parametrize("project", PROJECTS)
def test_the_same_answers_give_the_same_bytes_anywhere_and_at_any_time(
    template: Path, tmp_path: Path, project: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = f"--data=project={project}"
    copy(template, tmp_path / "one", answers)
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("PYTHONHASHSEED", "1")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    monkeypatch.setenv("USER", "somebody")
    copy(template, tmp_path / "elsewhere" / "two", answers)

    assert tree(tmp_path / "one") == tree(tmp_path / "elsewhere" / "two")


def impure(text: str) -> set[str]:
    """What a template uses that may be otherwise on another day."""
    environment = jinja2.Environment(
        autoescape=False, extensions=["jinja2_ansible_filters.AnsibleCoreFiltersExtension"]
    )
    parsed = environment.parse(text)
    filters = {each.name for each in parsed.find_all(nodes.Filter)}
    dice = {each.name for each in parsed.find_all(nodes.Name) if each.name == "lipsum"}
    return (filters - FILTERS) | dice


def test_no_template_reads_the_clock_or_throws_dice() -> None:
    """Two copies of one day may be equal all the same."""
    parts = [REPOSITORY / name for name in ("templates", "partials")]
    rendered = [path for part in parts for path in part.rglob("*.jinja") if path.is_file()]
    used = {path: impure(path.read_text()) for path in [*rendered, REPOSITORY / "copier.yml"]}

    assert {path: found for path, found in used.items() if found} == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{{ '%Y' | strftime }}", {"strftime"}),
        ("{% set token = range(9) | random %}", {"random"}),
        ("{{ lipsum() }}", {"lipsum"}),
        ("{{ name | lower | replace('a', 'b') }}", set()),
    ],
)
def test_a_date_or_a_random_value_would_be_found(text: str, found: set[str]) -> None:
    assert impure(text) == found


def test_a_path_and_a_git_address_give_the_same_project(template: Path, tmp_path: Path) -> None:
    copy(template, tmp_path / "path")
    copy(f"git+file://{template}", tmp_path / "address")

    by_path, by_address = tree(tmp_path / "path"), tree(tmp_path / "address")

    different = {name for name in by_path if by_path[name] != by_address.get(name)}
    assert by_path.keys() == by_address.keys()
    assert different == {".copier-answers.yml"}


def test_the_answers_file_records_the_version_the_source_and_every_answer(
    template: Path, tmp_path: Path
) -> None:
    copy(template, tmp_path / "project", "--data=license=Apache-2.0")

    recorded = yaml.safe_load((tmp_path / "project" / ".copier-answers.yml").read_text())

    assert recorded == {
        "_commit": VERSION,
        "_src_path": str(template),
        "copyright_year": "2026",
        "description": "Sorts a folder by rules you can read, and can undo every run.",
        "github_user": "your-github-user",
        "license": "Apache-2.0",
        "project": "file-organizer",
        "project_name": "File Organizer",
        "project_slug": "file-organizer",
        "python_version": "3.13",
        "user_email": "you@example.com",
        "user_name": "Your Name",
    }


def test_nothing_in_the_template_asks_to_be_trusted() -> None:
    needs_trust = {"_tasks", "_migrations", "_jinja_extensions"}

    assert needs_trust & QUESTIONS.keys() == set()


def test_the_names_in_a_persons_copier_settings_are_taken_over(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "settings.yml"
    author = {"user_name": "Ada", "user_email": "ada@example.com", "github_user": "ada"}
    settings.write_text(yaml.safe_dump({"defaults": author}))
    monkeypatch.setenv("COPIER_SETTINGS_PATH", str(settings))

    copy(template, tmp_path / "project")

    recorded = yaml.safe_load((tmp_path / "project" / ".copier-answers.yml").read_text())
    assert {name: recorded[name] for name in author} == author


def test_a_person_who_presses_enter_at_every_question_gets_the_defaults(
    template: Path, tmp_path: Path
) -> None:
    copy(template, tmp_path / "defaults")

    command = ["-m", "copier", "copy", "--quiet", str(template), str(tmp_path / "asked")]
    terminal = pexpect.spawn(sys.executable, command, encoding="utf-8", dimensions=(40, 160))
    for question in ASKED:
        terminal.expect_exact(QUESTIONS[question]["help"].split(".")[0][:60], timeout=60)
        terminal.sendline()
    terminal.expect(pexpect.EOF, timeout=60)
    terminal.close()

    assert terminal.exitstatus == 0
    assert tree(tmp_path / "asked") == tree(tmp_path / "defaults")


def test_a_bad_answer_at_the_prompt_is_explained_and_can_be_mended(
    template: Path, tmp_path: Path
) -> None:
    command = ["-m", "copier", "copy", "--quiet", "--defaults", "--ask", "github_user"]
    command += [str(template), str(tmp_path / "project")]
    terminal = pexpect.spawn(sys.executable, command, encoding="utf-8", dimensions=(40, 200))
    terminal.expect_exact("Your GitHub user name", timeout=60)
    terminal.send("\x15")  # empties the line, which holds the default
    terminal.sendline("not valid")
    terminal.expect_exact("Type a GitHub user name: letters, digits and single hyphens")
    terminal.send("\x15")
    terminal.sendline("valid")
    terminal.expect(pexpect.EOF, timeout=60)

    recorded = yaml.safe_load((tmp_path / "project" / ".copier-answers.yml").read_text())
    assert recorded["github_user"] == "valid"


@pytest.mark.parametrize("license_", ["MIT", "Apache-2.0", "BSD-3-Clause", "proprietary"])
def test_the_licence_file_names_the_holder_and_the_year(
    template: Path, tmp_path: Path, license_: str
) -> None:
    copy(template, tmp_path / "project", f"--data=license={license_}", "--data=user_name=Ada L.",
         "--data=copyright_year=2024")  # fmt: skip

    text = (tmp_path / "project" / "LICENSE").read_text()

    assert [line.strip() for line in text.splitlines() if "Ada L." in line] == [
        {
            "MIT": "Copyright (c) 2024 Ada L.",
            "Apache-2.0": "Copyright 2024 Ada L.",
            "BSD-3-Clause": "Copyright (c) 2024, Ada L.",
            "proprietary": "Copyright (c) 2024 Ada L.",
        }[license_]
    ]
    assert "{" not in text
