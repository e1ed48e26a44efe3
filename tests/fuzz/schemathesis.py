"""Schemathesis, with every check it has, against a service that runs."""

import sys
from pathlib import Path

from tests.support import REPOSITORY, run

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


def fuzz(url: str, *, examples: int, folder: Path, account_of: str | None = None) -> str:
    """Send a service what its OpenAPI document allows, and what it forbids.

    Args:
        url: The service.
        examples: How many requests are made up for each operation.
        folder: Where Schemathesis may leave files.
        account_of: The service's name, where requests are to be those of somebody signed in.

    Returns:
        Its report.

    Raises:
        AssertionError: An answer was not as documented; the message is the report.
    """
    environment = {}
    if account_of is not None:
        environment = {
            "SCHEMATHESIS_HOOKS": "tests.fuzz.hooks",
            "PYTHONPATH": str(REPOSITORY),
            "FUZZED_SERVICE": account_of,
            "FUZZED_URL": url,
        }
    document = f"{url}/openapi.json"
    return run(
        [PROGRAM, "run", document, *OPTIONS, f"--max-examples={examples}"],
        cwd=folder,
        env=environment,
    )
