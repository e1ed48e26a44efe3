"""Ranks: there is one between any two that leave room, and never one beyond the limits."""

from hypothesis import given
from hypothesis import strategies as st

from app.tasks.ranks import GAP, GREATEST, between

ranks = st.integers(-GREATEST, GREATEST)


def test_the_first_task_of_a_column_is_in_the_middle_of_all_ranks() -> None:
    assert between(None, None) == 0


@given(st.lists(ranks, min_size=2, max_size=2, unique=True).map(sorted))
def test_between_two_ranks_is_one_unless_they_are_next_to_each_other(pair: list[int]) -> None:
    above, below = pair
    rank = between(above, below)
    if below - above == 1:
        assert rank is None
    else:
        assert rank is not None
        assert above < rank < below


@given(st.integers(-GREATEST, GREATEST - 2000), st.integers(1, 1000))
def test_the_middle_is_as_far_from_the_one_as_from_the_other(above: int, half: int) -> None:
    assert between(above, above + 2 * half) == above + half


@given(ranks)
def test_the_top_and_the_bottom_are_a_gap_away_unless_that_is_beyond_the_limits(rank: int) -> None:
    assert between(None, rank) == (rank - GAP if rank - GAP >= -GREATEST else None)
    assert between(rank, None) == (rank + GAP if rank + GAP <= GREATEST else None)


def test_the_limits_can_be_reached_and_not_passed() -> None:
    assert between(GREATEST - GAP, None) == GREATEST
    assert between(None, GAP - GREATEST) == -GREATEST
    assert between(GREATEST - GAP + 1, None) is None
    assert between(None, GAP - GREATEST - 1) is None
    assert between(GREATEST, None) is None
    assert between(None, -GREATEST) is None


def test_a_new_gap_has_room_for_32_tasks_below_one_and_the_same() -> None:
    below = GAP
    tasks = 0
    while (rank := between(0, below)) is not None:
        below, tasks = rank, tasks + 1
    assert tasks == 32


@given(st.lists(st.integers(0, 2**16), max_size=30))
def test_tasks_that_go_anywhere_are_in_the_order_in_which_they_were_put(places: list[int]) -> None:
    column: list[int] = []
    for each in places:
        place = each % (len(column) + 1)
        above = column[place - 1] if place else None
        below = column[place] if place < len(column) else None
        rank = between(above, below)
        # A gap holds more than there are tasks here.
        assert rank is not None
        column.insert(place, rank)
    assert column == sorted(set(column))
