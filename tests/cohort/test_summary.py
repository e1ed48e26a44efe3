"""A run in a few lines: failures by reason, conflicts by student, and the exit code."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from seedbed.model import Outcome, Result, Row, State
from seedbed.running import Run
from seedbed.summary import exit_code, line, lines

DONE = Outcome("ada", Result.DONE, "pushed seedbed/v0.2.0")
NOTHING = Outcome("bob", Result.NOTHING_TO_DO, "has v0.2.0")
CONFLICT = Outcome("cyd", Result.CONFLICT, "pushed seedbed/v0.2.0", files=("a.py", "b/c.py"))
FAILED = Outcome("dan", Result.FAILED, "failed", "no answer from host")


def failed(reason: str, *slugs: str) -> list[Outcome]:
    return [Outcome(slug, Result.FAILED, "failed", reason) for slug in slugs]


def row(state: State) -> Row:
    return Row("ada", "Ada", "/repositories/ada.git", state)


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        (DONE, "ada: pushed seedbed/v0.2.0"),
        (NOTHING, "bob: has v0.2.0"),
        (CONFLICT, "cyd: pushed seedbed/v0.2.0, with conflicts in a.py, b/c.py"),
        (FAILED, "dan: failed: no answer from host"),
    ],
)
def test_a_student_is_one_line(outcome: Outcome, text: str) -> None:
    assert line(outcome) == text


def test_what_others_wrote_cannot_control_a_terminal_or_make_a_line() -> None:
    files = ("\x1b[2J\u202ea\nb: seeded",)
    outcome = Outcome("ada", Result.CONFLICT, "pushed", "\x1b]0;title\x07", files=files)

    shown = r"\x1b[2J\u202ea\nb: seeded"
    assert line(outcome) == f"ada: pushed, with conflicts in {shown}"
    assert list(lines(Run([outcome], 0))) == [
        "1 conflict",
        r"1 to look at: \x1b]0;title\x07: ada",
        f"conflict: ada: {shown}",
    ]


def test_failures_are_grouped_by_reason_the_commonest_first() -> None:
    outcomes = [
        *failed("the server refused the push", "eve"),
        *failed("no answer from host", "ada", "bob", "cyd"),
        *failed("the server refused the push", "fay"),
        DONE,
    ]

    assert list(lines(Run(outcomes, 0))) == [
        "1 done, 5 failed",
        "3 failed: no answer from host: ada, bob, cyd",
        "2 failed: the server refused the push: eve, fay",
    ]


def test_all_that_needs_a_person_is_listed_failures_first() -> None:
    reason = "the history was rewritten"
    rewritten = [Outcome(each, Result.DONE, "pushed", reason) for each in ("eve", "fay")]
    other = Outcome("gus", Result.CONFLICT, "pushed", reason, ("d.py",))

    assert list(lines(Run([*rewritten, other, DONE, NOTHING, CONFLICT, FAILED], 0))) == [
        "3 done, 1 nothing to do, 2 conflicts, 1 failed",
        "1 failed: no answer from host: dan",
        "3 to look at: the history was rewritten: eve, fay, gus",
        "conflict: gus: d.py",
        "conflict: cyd: a.py, b/c.py",
    ]


def test_who_was_not_reached_is_counted() -> None:
    assert list(lines(Run([DONE], 3))) == ["1 done, 3 not begun or not finished"]


def test_nobody_is_told_as_nobody() -> None:
    assert list(lines(Run([], 0))) == ["no students"]


@pytest.mark.parametrize(
    ("results", "left", "code"),
    [
        ([], 0, 0),
        ([DONE, NOTHING], 0, 0),
        ([DONE, CONFLICT], 0, 3),
        ([DONE, replace(DONE, reason="the history was rewritten: look at it")], 0, 3),
        ([CONFLICT, FAILED], 0, 1),
        ([FAILED], 1, 130),
        ([], 1, 130),
    ],
)
def test_the_exit_code_tells_what_is_left_then_what_failed_then_conflicts(
    results: Sequence[Outcome], left: int, code: int
) -> None:
    assert exit_code(Run(results, left)) == code


@pytest.mark.parametrize(
    ("state", "code"),
    [(state, 1 if state is State.UNREACHABLE else 0) for state in State],
)
def test_looking_fails_only_where_one_cannot_look(state: State, code: int) -> None:
    rows: Run[Row] = Run([row(State.CURRENT), row(state)], 0)
    assert exit_code(rows) == code


def test_looking_fails_where_seedbed_fails() -> None:
    rows: Run[Row] = Run([FAILED], 0)
    assert exit_code(rows) == 1
