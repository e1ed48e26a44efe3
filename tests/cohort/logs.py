"""The log, as those read it who wonder what was done."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any


def read(log: Path) -> Iterator[dict[str, Any]]:
    """Read all events, the oldest first, but for lines that a kill tore."""
    for line in log.read_bytes().splitlines() if log.exists() else []:
        with suppress(ValueError):
            event = json.loads(line)
            if isinstance(event, dict):
                yield event
