"""`seedbed init` writes files that work once the template is named, and overwrites none."""

from importlib import resources
from pathlib import Path

import pytest

from seedbed.enrolment import load
from seedbed.init import write_initial
from seedbed.model import SeedbedError, Student, UsageError
from seedbed.template import newest_of
from tests.cohort.asking import Asking
from tests.cohort.world import small_template
from tests.support import git


def student(slug: str, name: str, github: str, *lines: int, **answers: str) -> Student:
    emails = {2: "ada", 3: "grace", 4: "alan", 5: "joan"}
    addresses = tuple(f"{emails[line]}@example.org" for line in lines)
    common = {
        "project": "blog-api",
        "user_name": name,
        "user_email": addresses[0],
        "github_user": github,
    }
    return Student(slug, name, addresses, github, lines, {**common, **answers})


def test_what_is_written_is_right_but_for_the_templates_source(tmp_path: Path) -> None:
    cohort_file, roster = write_initial(tmp_path / "new/cohort", dry_run=False)
    text = cohort_file.read_text()
    changed = text.replace('source = "gh:your-org/seedbed"', 'source = "../../template"')
    assert changed != text
    cohort_file.write_text(changed)
    cohort, students = load(cohort_file, lambda _: Asking())
    assert (cohort.template, cohort.roster) == ("../../template", roster)
    notes = "Notes on the Engine"
    assert students == [
        student("ada-lovelace", "Ada Lovelace", "ada-lovelace", 2, project_name=notes),
        student("grace-hopper", "Grace Hopper", "grace-hopper", 3),
        student("bletchley", "Bletchley", "alan-turing", 4, 5),
    ]


def test_the_address_in_the_comment_may_take_the_folders_place(tmp_path: Path) -> None:
    cohort_file, _ = write_initial(tmp_path, dry_run=False)
    text = cohort_file.read_text().replace('folder = "repositories"', "")
    cohort_file.write_text(text.replace("# url =", "url ="))
    cohort, _ = load(cohort_file, lambda _: Asking())
    assert cohort.repositories == "git@host:org/{slug}.git"


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (["cohort.toml"], "{0}/cohort.toml exists already"),
        (["roster.csv"], "{0}/roster.csv exists already"),
        (["cohort.toml", "roster.csv"], "{0}/cohort.toml and {0}/roster.csv exist already"),
    ],
)
@pytest.mark.parametrize("dry_run", [True, False])
def test_nothing_is_overwritten_and_nothing_else_written(
    tmp_path: Path, there: list[str], said: str, *, dry_run: bool
) -> None:
    for name in there:
        (tmp_path / name).write_text("mine")
    with pytest.raises(UsageError) as caught:
        write_initial(tmp_path, dry_run=dry_run)
    assert str(caught.value) == (
        f"{said.format(tmp_path)}, and nothing was written. "
        "Name another folder, or move what is there."
    )
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == dict.fromkeys(
        there, "mine"
    )


def test_a_dangling_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SeedbedError):
        write_initial(tmp_path, dry_run=False)
    assert [path.name for path in tmp_path.iterdir()] == ["roster.csv"]


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    assert write_initial(folder, dry_run=True) == [folder / "cohort.toml", folder / "roster.csv"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path, *, dry_run: bool) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    with pytest.raises(SeedbedError):
        write_initial(file, dry_run=dry_run)
    assert file.read_text() == "mine"


def test_what_was_begun_is_taken_back_where_it_cannot_be_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The second file's name is taken by a folder between the look and the writing.
    monkeypatch.setattr("seedbed.init.os.path.lexists", lambda _: False)
    (tmp_path / "roster.csv").mkdir()
    with pytest.raises(SeedbedError) as caught:
        write_initial(tmp_path, dry_run=False)
    assert str(caught.value) == (
        f"{tmp_path}/roster.csv exists already, and nothing was written. "
        "Name another folder, or move what is there."
    )
    assert [path.name for path in tmp_path.iterdir()] == ["roster.csv"]


def test_a_template_that_is_named_is_written_at_its_newest_version(tmp_path: Path) -> None:
    template = small_template(tmp_path / 'tem"plate ü')
    named = newest_of(str(template), seconds=60)
    assert named == (str(template), "v2.0.0")
    cohort_file, roster = write_initial(tmp_path / "cohort", dry_run=False, template=named)
    cohort, students = load(cohort_file, lambda _: Asking())
    assert (cohort.template, cohort.version) == named
    assert len(students) == 3
    sample = resources.files("seedbed").joinpath("initial", "roster.csv").read_text()
    assert roster.read_text() == sample


def test_a_template_that_is_named_and_cannot_be_had_is_told(tmp_path: Path) -> None:
    with pytest.raises(SeedbedError, match="is no Git repository"):
        newest_of(str(tmp_path), seconds=60)
    (tmp_path / "empty").mkdir()
    git(tmp_path / "empty", "init", "--quiet")
    with pytest.raises(SeedbedError, match=r"has no released version: tag one, such as v1\.0\.0"):
        newest_of(str(tmp_path / "empty"), seconds=60)
    with pytest.raises(SeedbedError, match="is no Git repository"):
        newest_of("x" * 5000, seconds=60)
    with pytest.raises(SeedbedError, match="cannot be had: no server answers there"):
        newest_of("http://127.0.0.1:9/template.git", seconds=60)
