"""From `cohort.toml` and `roster.csv` to students: checked as a whole, before anything is done."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from seedbed.answers import Answering, Questions
from seedbed.cohort_file import read_cohort_file
from seedbed.groups import Group, groups_of
from seedbed.mistakes import MistakesError, quoted
from seedbed.model import Cohort, Student, UsageError
from seedbed.roster import read_roster
from seedbed.suggestions import did_you_mean

_SHARD = re.compile(r"([0-9]{1,6})/([0-9]{1,6})")
_LISTED = 10


def load(
    cohort_file: Path, questions_of: Callable[[Cohort], Questions]
) -> tuple[Cohort, Sequence[Student]]:
    """Read a cohort and its roster.

    Args:
        cohort_file: The `cohort.toml`.
        questions_of: Gives the questions of a cohort's template. It is called once, and only if
            `cohort.toml` has no mistake. A `UsageError` of it is about the template's version, and
            becomes one of the mistakes.

    Returns:
        The cohort, and its students in the roster's order.

    Raises:
        MistakesError: The files have mistakes: it has all of both.
        SeedbedError: The template's questions cannot be had; `questions_of` raises it.
    """
    read = read_cohort_file(cohort_file)
    mistakes = list(read.mistakes)
    questions = None
    if read.cohort is not None:
        try:
            questions = questions_of(read.cohort)
        except UsageError as error:
            mistakes.append(read.mistake(("template", "version"), str(error)))
    if read.roster is None:
        raise MistakesError(mistakes)
    roster = read_roster(read.roster, questions.names if questions is not None else None)
    groups, between = groups_of(roster)
    mistakes += [*roster.mistakes, *between]
    if read.cohort is None or questions is None:
        raise MistakesError(mistakes)
    answering = Answering(read, read.cohort, roster, questions)
    mistakes += answering.unknown()
    students = []
    for group in groups:
        answers, wrong = answering.answers(group)
        mistakes += wrong
        if not mistakes:
            students.append(_student(group, answers))
    if mistakes:
        raise MistakesError(mistakes)
    return read.cohort, students


def _student(group: Group, answers: Mapping[str, Any]) -> Student:
    return Student(
        slug=group.about["slug"],
        name=group.about["name"],
        emails=tuple(entry.cells["email"] for entry in group.entries),
        github=group.about.get("github"),
        lines=tuple(entry.line for entry in group.entries),
        answers=answers,
    )


def shard(students: Sequence[Student], part: str) -> Sequence[Student]:
    """One part of the students: each student is in one part, and the parts are of about one size.

    A student stays in their part when others are added to the end of the roster.

    Args:
        students: All students.
        part: Which part, of how many: `2/5`.

    Raises:
        UsageError: This names no part.
    """
    found = _SHARD.fullmatch(part)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise UsageError(
            f"--shard {quoted(part)} names no part. Write it like 2/5: the second of five parts."
        )
    return students[int(found[1]) - 1 :: int(found[2])]


def only(students: Sequence[Student], slugs: Collection[str]) -> Sequence[Student]:
    """The students with these slugs, in the roster's order; all of them where none is named.

    Raises:
        UsageError: There is no student with one of the slugs.
    """
    known = [student.slug for student in students]
    for slug in slugs:
        if slug not in known:
            meant = did_you_mean(slug, known, at_most=_LISTED)
            raise UsageError(f"--only {quoted(slug)} is nobody's slug. {meant}")
    return [student for student in students if not slugs or student.slug in slugs]
