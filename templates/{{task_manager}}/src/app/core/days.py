"""Days, as requests write them."""

import re
from contextlib import suppress
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator

_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day(value: Any) -> date:
    if isinstance(value, date):
        return value
    if isinstance(value, str) and _WRITTEN.fullmatch(value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise ValueError("must be a day such as 2026-12-31")


# Pydantic alone would take 20261231 for so many seconds, and a moment at midnight for a day.
Day = Annotated[date, BeforeValidator(_day)]
"""A day that there is, written as ISO 8601 has it."""
