"""Sizes and ages as people write them in rules: `10 MB`, `1.5 GiB`, `30 days`, `12h`."""

import re

_NUMBER_AND_UNIT = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)", re.IGNORECASE | re.ASCII)

_BYTES = {
    "b": 1,
    **{f"{prefix}b": 1000**power for power, prefix in enumerate("kmgt", start=1)},
    **{f"{prefix}ib": 1024**power for power, prefix in enumerate("kmgt", start=1)},
}

# Months and years are missing on purpose: they have no fixed length.
_SECONDS = {
    **dict.fromkeys(("s", "second", "seconds"), 1),
    **dict.fromkeys(("min", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hour", "hours"), 3600),
    **dict.fromkeys(("d", "day", "days"), 86_400),
    **dict.fromkeys(("w", "week", "weeks"), 7 * 86_400),
}


def parse_size(text: str) -> int:
    """The number of bytes. kB, MB, GB, TB count in thousands, KiB, MiB, GiB, TiB in 1024."""
    return int(_parse(text, _BYTES, "a size like '500 kB' or '1.5 GiB'"))


def parse_age(text: str) -> float:
    """The number of seconds."""
    return _parse(text, _SECONDS, "an age like '12 hours', '30 days' or '8 weeks'")


def _parse(text: str, units: dict[str, int], expected: str) -> float:
    match = _NUMBER_AND_UNIT.fullmatch(text.strip())
    factor = units.get(match[2].lower()) if match else None
    if match is None or factor is None:
        raise ValueError(f"must be {expected}, not '{text}'")
    return float(match[1]) * factor
