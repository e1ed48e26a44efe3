"""What a compose.yaml says, where nothing is prepared: no `.env`, no variables."""

import re
from pathlib import Path
from typing import Any

import yaml

# `${NAME:-default}`
VARIABLE = re.compile(r"\$\{\w+:-(?P<default>[^}]*)\}")


def compose_services(project: Path) -> dict[str, Any]:
    """The services of a project's compose.yaml, with the default of every variable."""
    text = VARIABLE.sub(r"\g<default>", (project / "compose.yaml").read_text())
    services: dict[str, Any] = yaml.safe_load(text)["services"]
    return services


def environment(service: dict[str, Any]) -> dict[str, str]:
    """A service's variables; those without a value are passed on, and here there is none."""
    return {name: str(value) for name, value in service["environment"].items() if value is not None}
