"""A cohort and its roster are checked as a whole, against what the template asks."""

import pickle
from pathlib import Path

import pytest

from seedbed.enrolment import load, only, shard
from seedbed.filling import fill
from seedbed.mistakes import MistakesError
from seedbed.model import Cohort, SeedbedError, Student, UsageError
from seedbed.suggestions import did_you_mean
from tests.cohort.asking import COHORT, Asking, mistakes, students, told, write

PEOPLE = "name,email,github,project,project_slug,user_name\n"


def named(*slugs: str) -> list[Student]:
    return [Student(slug, slug, (), None, (n,), {}) for n, slug in enumerate(slugs, start=2)]


def test_placeholders_are_the_students_and_a_cell_is_taken_as_it_is(tmp_path: Path) -> None:
    cohort = COHORT.replace(
        'user_name = "{name}"',
        'user_name = "{name}"\nuser_email = "{email}"\ngithub_user = "{github}"\n'
        'project_slug = "{slug}"\nproject_name = ["{{{slug}}}", {a = "{name}"}, 1]',
    )
    roster = (
        "name,email,github,project\n"
        "Ada Lovelace,ada@example.org,ada-l,task-manager\n"
        "Grace Hopper,grace@example.org,grace,\n"
    )
    assert [student.answers for student in students(tmp_path, cohort=cohort, roster=roster)] == [
        {
            "project": "task-manager",
            "user_name": "Ada Lovelace",
            "user_email": "ada@example.org",
            "github_user": "ada-l",
            "project_slug": "ada-lovelace",
            "project_name": ["{ada-lovelace}", {"a": "Ada Lovelace"}, 1],
        },
        {
            "project": "blog-api",
            "user_name": "Grace Hopper",
            "user_email": "grace@example.org",
            "github_user": "grace",
            "project_slug": "grace-hopper",
            "project_name": ["{grace-hopper}", {"a": "Grace Hopper"}, 1],
        },
    ]


def test_mistakes_of_both_files_are_told_together(tmp_path: Path) -> None:
    cohort = COHORT.replace("2026-09-01T09:00:00Z", "2026-09-01T09:00:00")
    assert mistakes(tmp_path, cohort=cohort, roster="name,email\nAda,ada@\n") == [
        "cohort.toml:12: commit.date: has no time zone. Write it like `2026-09-01T09:00:00Z`.",
        (
            'roster.csv:2: email: "ada@" is no e-mail address. There must be something after the '
            "@-sign. Write it like ada@example.org."
        ),
    ]


def test_an_answer_to_no_question_is_told_at_its_key(tmp_path: Path) -> None:
    cohort = COHORT.replace("project =", "projekt =")
    assert mistakes(tmp_path, cohort=cohort) == [
        (
            "cohort.toml:6: answers.projekt: The template asks no such question. "
            "Did you mean `project`?"
        )
    ]


def test_a_students_answer_that_is_refused_is_told_at_their_line(tmp_path: Path) -> None:
    roster = (
        f"{PEOPLE}Ada,ada@example.org,,blog,1st,\nGrace,grace@example.org,,,,\n"
        "Alan,alan@example.org,,,,{% x %}\n"
    )
    assert mistakes(tmp_path, roster=roster) == [
        "roster.csv:2: project: Invalid choice",
        "roster.csv:2: project_slug: Type a short name.",
        "roster.csv:4: user_name: Type a name without template marks.",
    ]


def test_a_common_answer_that_is_refused_is_told_once_at_its_key(tmp_path: Path) -> None:
    roster = f"{PEOPLE}Ada,ada@example.org,,,a,\nGrace,grace@example.org,,,,\n"
    cohort = COHORT.replace('"blog-api"', '"blog"')
    assert mistakes(tmp_path, cohort=cohort, roster=roster) == [
        "cohort.toml:6: answers.project: Invalid choice"
    ]


def test_a_common_answer_that_a_students_own_one_spoils_is_told_at_their_line(
    tmp_path: Path,
) -> None:
    roster = f"{PEOPLE}Ada,ada@example.org,,task-manager,,\nGrace,grace@example.org,,,tasks,\n"
    cohort = COHORT.replace('project = "blog-api"', 'project_slug = "tasks"')
    assert mistakes(tmp_path, cohort=cohort, roster=roster) == [
        "roster.csv:2: project_slug: With this student's own answers: Type another short name."
    ]


def test_a_name_that_is_refused_as_an_answer_is_told_at_their_line(tmp_path: Path) -> None:
    roster = "name,email,team\nAda,ada@example.org,\nJoan,joan@example.org,{Red}\n"
    assert mistakes(tmp_path, roster=roster) == [
        (
            "roster.csv:3: name: cannot be the answer to `user_name`: "
            "Type a name without template marks."
        )
    ]


def test_who_has_no_github_name_is_told_where_one_is_needed(tmp_path: Path) -> None:
    cohort = COHORT.replace('user_name = "{name}"', 'github_user = "{github}"').replace(
        'folder = "repositories"', 'url = "git@host:{github}/{slug}.git"'
    )
    roster = (
        "name,email,github,github_user\nAda,ada@example.org,ada,\nGrace,grace@example.org,,\n"
        "Alan,alan@example.org,,alan\n"
    )
    assert mistakes(tmp_path, cohort=cohort, roster=roster) == [
        (
            "roster.csv:3: github: is empty, and needed by answers.github_user and "
            "repositories.url in cohort.toml. Fill it in, or take {github} out there."
        ),
        (
            "roster.csv:4: github: is empty, and needed by repositories.url in cohort.toml. "
            "Fill it in, or take {github} out there."
        ),
    ]


def test_a_template_that_cannot_be_had_is_told_as_it_is(tmp_path: Path) -> None:
    def unreachable(cohort: Cohort) -> Asking:
        raise SeedbedError(f"There is no version {cohort.version}.")

    with pytest.raises(SeedbedError) as caught:
        load(write(tmp_path, roster=""), unreachable)
    assert str(caught.value) == "There is no version v0.2.0."


def test_a_version_that_there_is_not_is_told_with_the_rosters_mistakes(tmp_path: Path) -> None:
    def unknown(cohort: Cohort) -> Asking:
        raise UsageError(f"The template has no version {cohort.version}.")

    file = write(tmp_path, roster="name,email,phone\n,ada@example.org,1\n")
    with pytest.raises(MistakesError) as caught:
        load(file, unknown)
    assert [told(tmp_path, mistake) for mistake in caught.value.mistakes] == [
        "cohort.toml:4: template.version: The template has no version v0.2.0.",
        "roster.csv:2: name: is empty. Each student needs a name and an e-mail address.",
    ]


def test_the_template_is_not_asked_for_a_wrong_cohort(tmp_path: Path) -> None:
    asked: list[Cohort] = []

    def questions_of(cohort: Cohort) -> Asking:
        asked.append(cohort)
        return Asking()

    with pytest.raises(MistakesError):
        load(write(tmp_path, cohort=""), questions_of)
    assert asked == []


def test_all_mistakes_are_one_text_by_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(MistakesError) as caught:
        load(write(tmp_path, roster="name,email\n,a@example.org\nB,b@\n"), lambda _: Asking())
    assert str(caught.value) == (
        f"{tmp_path}/roster.csv:2: name: is empty. Each student needs a name and an e-mail "
        "address.\n"
        f'{tmp_path}/roster.csv:3: email: "b@" is no e-mail address. There must be something '
        "after the @-sign. Write it like ada@example.org.\n"
        "Correct these 2 and run it again. Nothing was done."
    )


def test_a_cohort_and_its_students_go_to_another_process(tmp_path: Path) -> None:
    loaded = load(write(tmp_path), lambda _: Asking())
    assert pickle.loads(pickle.dumps(loaded)) == loaded


def test_what_is_filled_in_is_not_looked_at_again() -> None:
    ada = Student("ada", "{email}", ("ada@example.org",), None, (2,), {})
    assert fill("{name} {{slug}} {slug} {email}{github}", ada) == (
        "{email} {slug} ada ada@example.org"
    )


def test_parts_have_every_student_once_and_keep_them_when_others_join() -> None:
    people = named("a", "b", "c", "d", "e")
    parts = [shard(people, f"{number}/3") for number in (1, 2, 3)]
    assert [[student.slug for student in part] for part in parts] == [
        ["a", "d"],
        ["b", "e"],
        ["c"],
    ]
    late = [*people, *named("late")]
    assert [shard(late, f"{number}/3")[: len(part)] for number, part in enumerate(parts, 1)] == (
        parts
    )


@pytest.mark.parametrize(
    "part", ["", "2", "0/5", "6/5", "1/0", "-1/5", "a/b", "1/5/9", "\u0661/\u0665"]
)
def test_what_is_no_part_is_refused(part: str) -> None:
    with pytest.raises(UsageError) as caught:
        shard(named("a"), part)
    assert str(caught.value) == (
        f'--shard "{part}" names no part. Write it like 2/5: the second of five parts.'
    )


def test_only_those_who_are_named_are_taken_in_the_rosters_order() -> None:
    people = named("ada", "grace", "alan")
    assert only(people, ["alan", "ada", "alan"]) == [people[0], people[2]]
    assert only(people, []) == people


def test_a_slug_that_nobody_has_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        only(named("ada-lovelace", "grace"), ["ada-lovelaec"])
    assert str(caught.value) == (
        '--only "ada-lovelaec" is nobody\'s slug. Did you mean `ada-lovelace`?'
    )


def test_of_many_slugs_ten_are_listed() -> None:
    people = named(*(f"student-{number:04}" for number in range(2_000)))
    with pytest.raises(UsageError) as caught:
        only(people, ["ada"])
    listed = ", ".join(f"`student-{number:04}`" for number in range(10))
    assert str(caught.value) == (
        f'--only "ada" is nobody\'s slug. There are {listed} and 1,990 more.'
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("E-Mail", "email"),
        ("projekt", "project"),
        ("versoin", "version"),
        ("nane", "name"),
        ("Slgu", "slug"),
        ("Timestamp", None),
        ("Matriculation", None),
    ],
)
def test_a_name_is_suggested_only_where_it_is_near(written: str, meant: str | None) -> None:
    known = ["email", "github", "name", "project", "slug", "team", "version"]
    listed = "`email`, `github`, `name`, `project`, `slug`, `team`, `version`"
    assert did_you_mean(written, known) == (
        f"Did you mean `{meant}`?" if meant else f"There are {listed}."
    )
