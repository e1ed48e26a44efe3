"""Where the bars of a chart go. The page draws them as SVG, which needs no script."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.dashboard.selectors import Day

WIDTH, HEIGHT = 960, 320
LEFT, RIGHT, TOP, BOTTOM = 72, 8, 12, 28
MOST_LABELS = 10
_STEPS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A day's bar, in the units of the picture."""

    day: Day
    x: float
    y: float
    width: float
    height: float
    label: str

    @property
    def middle(self) -> float:
        """Where its label stands."""
        return round(self.x + self.width / 2, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the scale."""

    y: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars, and the scale behind them."""

    bars: Sequence[Bar]
    lines: Sequence[Line]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    labels_at: int = HEIGHT - 8


def chart_of(days: Sequence[Day]) -> Chart:
    """Make the chart of some days, one bar for each."""
    top = nice_top(max((day.sales.amount for day in days), default=Decimal(0)))
    room = HEIGHT - TOP - BOTTOM
    slot = (WIDTH - LEFT - RIGHT) / max(len(days), 1)
    every = -(-len(days) // MOST_LABELS)
    bars = []
    for number, day in enumerate(days):
        height = float(day.sales.amount / top) * room
        bars.append(
            Bar(
                day=day,
                x=round(LEFT + number * slot + slot * 0.1, 2),
                y=round(HEIGHT - BOTTOM - height, 2),
                width=round(slot * 0.8, 2),
                height=round(height, 2),
                # The last day has a label, and from there every so many.
                label=f"{day.day:%d %b}" if (len(days) - 1 - number) % every == 0 else "",
            )
        )
    lines = [
        Line(
            y=round(HEIGHT - BOTTOM - room * step / _STEPS, 2),
            label=f"{(top * step / _STEPS).normalize():f}",
        )
        for step in range(_STEPS + 1)
    ]
    return Chart(bars=bars, lines=lines)


def nice_top(greatest: Decimal) -> Decimal:
    """The end of a scale: the next 1, 2, 4 or 8 with zeros that is not below the greatest value."""
    if greatest <= 0:
        return Decimal(1)
    power = Decimal(1).scaleb(greatest.adjusted())
    return next(
        power * factor
        for factor in (Decimal(1), Decimal(2), Decimal(4), Decimal(8), Decimal(10))
        if power * factor >= greatest
    )
