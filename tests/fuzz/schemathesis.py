"""Schemathesis, with every check it has, against a service that runs."""

import sys
from collections.abc import Mapping
from pathlib import Path

from tests.support import run

PROGRAM = Path(sys.executable).with_name("schemathesis")
OPTIONS = (
    "--checks=all",
    "--phases=examples,coverage,fuzzing,stateful",
    # The same requests on every run: a red build is about the change, not about luck.
    "--generation-deterministic",
    # All faults at once, not the first of each operation.
    "--continue-on-failure",
    *("--workers=1", "--request-timeout=10", "--no-color", "--output-truncate=false"),
)


def fuzz(url: str, *, examples: int, headers: Mapping[str, str], folder: Path) -> str:
    """Send a service what its OpenAPI document allows, and what it forbids.

    Args:
        url: The service.
        examples: How many requests are made up for each operation.
        headers: What every request has, such as a proof of who asks.
        folder: Where Schemathesis may leave files.

    Returns:
        Its report.

    Raises:
        AssertionError: An answer was not as documented; the message is the report.
    """
    given = [f"--header={name}: {value}" for name, value in headers.items()]
    document = f"{url}/openapi.json"
    return run(
        [PROGRAM, "run", document, *OPTIONS, f"--max-examples={examples}", *given], cwd=folder
    )
