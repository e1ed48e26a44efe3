"""The lifecycle: every pair of states, and what is said of a move that there is not."""

from itertools import product

import pytest

from app.core.errors import ConflictError
from app.orders.lifecycle import EARNING, Status, check_move

ALLOWED = {
    ("pending", "paid"),
    ("pending", "cancelled"),
    ("paid", "shipped"),
    ("paid", "cancelled"),
    ("shipped", "delivered"),
    ("shipped", "refunded"),
    ("delivered", "refunded"),
}
WAYS = {
    "pending": "it can become paid or cancelled",
    "paid": "it can become shipped or cancelled",
    "shipped": "it can become delivered or refunded",
    "delivered": "it can become refunded",
    "cancelled": "that is its end",
    "refunded": "that is its end",
}


def test_the_states_are_these() -> None:
    assert {status.value for status in Status} == set(WAYS)


@pytest.mark.parametrize(("before", "after"), [*product(WAYS, WAYS)])
def test_a_move_is_allowed_or_the_answer_says_which_ones_are(before: str, after: str) -> None:
    if (before, after) in ALLOWED:
        check_move(Status(before), Status(after))
        return
    with pytest.raises(ConflictError) as caught:
        check_move(Status(before), Status(after))
    assert (caught.value.message, caught.value.code) == (
        f"The order is {before} and cannot become {after}: {WAYS[before]}.",
        "move_not_allowed",
    )


def test_the_shop_has_the_money_from_paid_until_it_is_given_back() -> None:
    assert {status.value for status in EARNING} == {"paid", "shipped", "delivered"}
