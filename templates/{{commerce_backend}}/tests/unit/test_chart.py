"""The chart: where bars, lines and labels go."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dashboard.chart import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, chart_of, nice_top
from app.dashboard.selectors import Day
from app.money import Money

FLOOR = HEIGHT - BOTTOM
FIRST = date(2026, 2, 27)


def days_of(*sales: str) -> list[Day]:
    return [
        Day(FIRST + timedelta(days=number), 1, Money(amount, "EUR"))
        for number, amount in enumerate(sales)
    ]


@pytest.mark.parametrize(
    ("greatest", "top"),
    [
        ("0", "1"),
        ("-5", "1"),
        ("0.01", "0.01"),
        ("0.03", "0.04"),
        ("1", "1"),
        ("1.01", "2"),
        ("2.01", "4"),
        ("4.5", "8"),
        ("8.01", "10"),
        ("9.99", "10"),
        ("10", "10"),
        ("123.45", "200"),
        ("99999999999.999", "100000000000"),
    ],
)
def test_the_scale_ends_at_a_round_number_not_below_the_greatest(greatest: str, top: str) -> None:
    assert nice_top(Decimal(greatest)) == Decimal(top)


@given(st.decimals("0.001", 10**11, places=3))
def test_the_greatest_bar_fills_two_fifths_of_the_scale_at_the_least(greatest: Decimal) -> None:
    assert greatest <= nice_top(greatest) <= greatest * Decimal("2.5")


def test_a_bar_is_as_high_as_its_share_of_the_scale() -> None:
    chart = chart_of(days_of("0", "50", "100", "200"))
    room = HEIGHT - TOP - BOTTOM
    assert [bar.height for bar in chart.bars] == [0, room / 4, room / 2, room]
    for bar in chart.bars:
        assert bar.y + bar.height == FLOOR


def test_bars_stand_side_by_side_between_the_edges() -> None:
    chart = chart_of(days_of(*["1"] * 30))
    edges = [(bar.x, bar.x + bar.width) for bar in chart.bars]
    assert edges[0][0] > LEFT
    assert edges[-1][1] < WIDTH - RIGHT
    assert all(left[1] < right[0] for left, right in pairwise(edges))
    assert {bar.middle == round(bar.x + bar.width / 2, 2) for bar in chart.bars} == {True}


@given(st.lists(st.decimals(0, 10**11, places=3), min_size=1, max_size=90))
def test_nothing_leaves_the_picture(sales: list[Decimal]) -> None:
    chart = chart_of(days_of(*map(str, sales)))
    assert len(chart.bars) == len(sales)
    for bar in chart.bars:
        assert TOP - 0.01 <= bar.y <= FLOOR
        assert bar.height >= 0
        assert LEFT <= bar.x < bar.x + bar.width <= WIDTH - RIGHT


def test_the_scale_has_five_lines_with_plain_numbers() -> None:
    chart = chart_of(days_of("1234.56"))
    assert [line.label for line in chart.lines] == ["0", "500", "1000", "1500", "2000"]
    assert [line.y for line in chart.lines] == [292, 222, 152, 82, 12]


def test_small_numbers_of_the_scale_keep_their_digits() -> None:
    labels = [line.label for line in chart_of(days_of("0.9")).lines]
    assert labels == ["0", "0.25", "0.5", "0.75", "1"]


@pytest.mark.parametrize(
    ("count", "labelled"),
    [(1, [0]), (7, [0, 1, 2, 3, 4, 5, 6]), (30, [2, 5, 8, 11, 14, 17, 20, 23, 26, 29])],
)
def test_the_last_day_has_a_label_and_so_has_every_so_many_before(
    count: int, labelled: list[int]
) -> None:
    bars = chart_of(days_of(*["1"] * count)).bars
    assert [number for number, bar in enumerate(bars) if bar.label] == labelled
    assert bars[-1].label == f"{FIRST + timedelta(days=count - 1):%d %b}"


def test_without_days_there_is_an_empty_chart() -> None:
    chart = chart_of([])
    assert chart.bars == []
    assert [line.label for line in chart.lines] == ["0", "0.25", "0.5", "0.75", "1"]
