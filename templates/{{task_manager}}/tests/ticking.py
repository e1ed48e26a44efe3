"""Times that tests know beforehand."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def moments() -> Iterator[datetime]:
    """A moment, and then one a second after the other, without end."""
    return (BEGIN + timedelta(seconds=number) for number in count())


def at(second: int) -> str:
    """A moment as it is shown."""
    return f"2026-01-01T00:00:{second:02}.000Z"
