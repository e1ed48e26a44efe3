"""What students get is what Copier would give them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from seedbed.model import Check, Cohort, SeedbedError, Signature
from seedbed.rendering import Renderer
from seedbed.template import open_template
from tests.cohort.copier_itself import copied, recopied
from tests.cohort.world import VERSIONS, small_template
from tests.support import PROJECTS, VERSION, commit_all, git

ANSWERS = {"user_name": 'Zoë "Z" O\'Brien', "user_email": "zoe@example.org"}
# What Copier's settings of a person would answer.
SOMEBODY = "defaults:\n  author: Somebody else\n"
ODD: Mapping[str, str] = {
    "copier.yml": """\
_envops:
  variable_start_string: "[["
  variable_end_string: "]]"
_preserve_symlinks: true
_exclude: [copier.yml, "*.secret", .git]
parts:
  type: yaml
  default: [one, two]
name:
  type: str
  default: odd
""",
    "[[ name ]].txt.jinja": "[[ name ]] in [[ _folder_name ]]: {{ left alone }}\n",
    "{% yield part from parts %}[[ part ]]{% endyield %}/[[ part ]].py.jinja": (
        "PART = '[[ part ]]'\n"
    ),
    "a.secret": "no\n",
    "[[ _copier_conf.answers_file ]].jinja": "[[ _copier_answers | to_nice_yaml ]]\n",
}


def renderer(template: Path, version: str, folder: Path) -> Renderer:
    """A version of a template, ready to be rendered by a cohort that has a folder."""
    who = Signature("Teachers", "teachers@example.org")
    check = Check(("true",), 1)
    begun = datetime(2026, 9, 1, 9, tzinfo=UTC)
    cohort = Cohort(
        *("Cohort", folder, str(template), version, folder / "roster.csv", {}),
        *(folder / "repositories", who, begun, "Begin", check, 60),
    )
    return Renderer.of(open_template(cohort), version)


@pytest.mark.parametrize("project", PROJECTS)
def test_a_project_is_byte_for_byte_what_copier_copies(
    template: Path, tmp_path: Path, project: str
) -> None:
    answers = {"project": project, **ANSWERS}
    expected = copied(template, VERSION, tmp_path / "mine", answers)
    assert renderer(template, VERSION, tmp_path).render("mine", answers).files == expected


@pytest.mark.parametrize("version", VERSIONS)
def test_a_project_rendered_again_is_byte_for_byte_what_copier_recopies(
    tmp_path: Path, version: str
) -> None:
    template = small_template(tmp_path / "template")
    first = renderer(template, "v1.0.0", tmp_path).render("mine", {"project_name": "Counter"})
    answers_file = first.files[".copier-answers.yml"].content
    expected = recopied(template, version, tmp_path / "mine", answers_file)
    again = renderer(template, version, tmp_path).render_again("mine", answers_file, {})
    assert again.files == expected


def test_a_template_with_copiers_rarer_features_is_rendered_as_copier_does(tmp_path: Path) -> None:
    template = tmp_path / "template"
    for name, content in ODD.items():
        path = template / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    (template / "link").symlink_to("odd.txt")
    (template / "run.sh").write_text("#!/bin/sh\n")
    (template / "run.sh").chmod(0o755)
    commit_all(template, "A template")
    git(template, "tag", "v1.0.0")
    answers = {"parts": ["alpha", "beta", "gamma"]}
    expected = copied(template, "v1.0.0", tmp_path / "mine", answers)
    assert {"alpha/alpha.py", "link", "run.sh", "odd.txt"} < expected.keys()
    ready = renderer(template, "v1.0.0", tmp_path)
    assert ready.render("mine", answers).files == expected
    assert ready.render("mine", answers).files == expected


def test_one_student_leaves_nothing_behind_for_the_next(template: Path, tmp_path: Path) -> None:
    ready = renderer(template, VERSION, tmp_path)
    people = [{"project": project, "user_name": f"Student of {project}"} for project in PROJECTS]
    first = [ready.render("mine", answers).files for answers in people]
    again = [ready.render("mine", answers).files for answers in reversed(people)]
    assert again == list(reversed(first))
    assert len({str(sorted(files)) for files in first}) == len(PROJECTS)


def test_an_instructors_own_copier_settings_answer_for_no_student(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = small_template(tmp_path / "template")
    settings = tmp_path / "settings.yml"
    settings.write_text(SOMEBODY)
    monkeypatch.setenv("COPIER_SETTINGS_PATH", str(settings))
    files = renderer(template, "v1.0.0", tmp_path).render("mine", {"project_name": "Counter"}).files
    assert files["README.md"].content == b"# Counter\n\nBy Nobody.\n\n## Use\n\nRun it.\n"


def test_all_answers_that_the_template_refuses_are_told_at_once(
    template: Path, tmp_path: Path
) -> None:
    ready = renderer(template, VERSION, tmp_path)
    answers = {**ANSWERS, "project": "blog", "user_email": "nowhere", "github_user": "-x-"}
    refused = ready.refused(answers)
    assert refused.keys() == {"project", "user_email", "github_user"}
    assert "is not in" in refused["project"]
    assert ready.refused({**ANSWERS, "project": "blog-api"}) == {}
    # What is said of one answer may depend on another, whose fault it is not.
    class_ = ready.refused({**ANSWERS, "project": "blog-api", "project_slug": "class"})
    assert class_.keys() == {"project_slug"}


def test_questions_that_nobody_is_asked_have_no_answers(template: Path, tmp_path: Path) -> None:
    names = renderer(template, VERSION, tmp_path).names
    assert {"project", "project_name", "user_name", "license"} <= names
    assert not {"projects", "fastapi", "every_service"} & names


def test_a_template_that_wants_to_run_something_is_refused(tmp_path: Path) -> None:
    template = small_template(tmp_path / "template", ["v1.0.0"])
    witness = tmp_path / "witness"
    with (template / "copier.yml").open("a") as questions:
        questions.write(f"_tasks: ['touch {witness}']\n")
    commit_all(template, "Wants to run something")
    git(template, "tag", "v1.0.1")
    ready = renderer(template, "v1.0.1", tmp_path)
    with pytest.raises(SeedbedError, match="seedbed does not let it"):
        ready.render("mine", {"project_name": "Counter"})
    assert not witness.exists()
