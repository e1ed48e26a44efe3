"""Schemathesis, with every check it has, against a service that runs."""

import sys
from pathlib import Path

from tests.fuzz.rules import ENDLESS
from tests.support import REPOSITORY, run

CONFIGURATION = Path(__file__).with_suffix(".toml")
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


def fuzz(service: str, url: str, *, examples: int, signed_in: bool, folder: Path) -> str:
    """Send a service what its OpenAPI document allows, and what it forbids.

    Args:
        service: The project's name.
        url: Where it answers.
        examples: How many requests are made up for each operation.
        signed_in: Whether requests are those of somebody with an account.
        folder: Where Schemathesis may leave files.

    Returns:
        Its report.

    Raises:
        AssertionError: An answer was not as documented; the message is the report.
    """
    how = ("--config-file", CONFIGURATION, "run", f"{url}/openapi.json")
    environment = {
        "SCHEMATHESIS_HOOKS": "tests.fuzz.hooks",
        "PYTHONPATH": str(REPOSITORY),
        "FUZZED_SERVICE": service,
        "FUZZED_URL": url,
        "FUZZED_AS": "somebody" if signed_in else "nobody",
    }
    options = [*OPTIONS, *(f"--exclude-path={path}" for path in ENDLESS.get(service, ()))]
    return run([PROGRAM, *how, *options, f"--max-examples={examples}"], cwd=folder, env=environment)
