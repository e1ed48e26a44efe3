"""What tasks can be: every pair of states, and what is said of a move that there is not."""

from itertools import product

import pytest

from app.core.errors import ConflictError
from app.core.problems import problem_of
from app.tasks.values import Priority, Status, check_move

ALLOWED = {
    ("todo", "in_progress"),
    ("in_progress", "todo"),
    ("in_progress", "in_review"),
    ("in_review", "in_progress"),
    ("in_review", "done"),
    ("done", "todo"),
    ("done", "in_progress"),
}
WAYS = {
    "todo": "in_progress",
    "in_progress": "todo or in_review",
    "in_review": "in_progress or done",
    "done": "todo or in_progress",
}


def test_the_states_are_these_from_left_to_right() -> None:
    assert [status.value for status in Status] == list(WAYS)


@pytest.mark.parametrize(("before", "after"), [*product(WAYS, WAYS)])
def test_a_move_is_allowed_or_the_answer_says_which_ones_are(before: str, after: str) -> None:
    if before == after or (before, after) in ALLOWED:
        check_move(Status(before), Status(after))
        return
    with pytest.raises(ConflictError) as caught:
        check_move(Status(before), Status(after))
    problem = problem_of(caught.value)
    assert (problem.status, problem.code, problem.detail) == (
        409,
        "no_such_move",
        f"A task that is {before} can go to {WAYS[before]}, and not to {after}.",
    )


def test_priorities_are_numbered_from_the_least_to_the_most() -> None:
    assert {priority.value: priority.number for priority in Priority} == {
        "low": 0,
        "normal": 1,
        "high": 2,
        "urgent": 3,
    }
    assert [Priority.of(number).value for number in range(4)] == ["low", "normal", "high", "urgent"]
