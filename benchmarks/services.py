"""What the benchmarks of services share: a project with a database, its servers, and wrk."""

import argparse
import re
import shutil
import statistics
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from tests.serving import serving
from tests.support import free_port, run

CONNECTIONS = 16

Rates = Mapping[str, Mapping[str, Sequence[float]]]
"""How often something was done in a second, by load and program, one figure for each round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A project with a database, and what is measured with them.

    Attributes:
        project: The project's folder.
        data: A folder for what is made on the way.
        database: The URL of the database.
        seconds: How long each measurement takes.
    """

    project: Path
    data: Path
    database: str
    seconds: int

    @property
    def python(self) -> Path:
        """The project's Python."""
        return self.project / ".venv" / "bin" / "python"

    @property
    def environment(self) -> Mapping[str, str]:
        """The settings of the project, and of what runs in its Python."""
        return {"DATABASE_URL": self.database, "LOG_FORMAT": "json"}

    def in_project(self, *words: str | Path, **variables: str) -> str:
        """Run something in the project's Python, and return what it printed."""
        environment = {**self.environment, **variables}
        return run([self.python, *words], cwd=self.project, env=environment)

    def serving(
        self, name: str, *words: str | Path, port: int | None = None
    ) -> AbstractContextManager[str]:
        """Run a server in the project's Python, and yield its address.

        Args:
            name: What its log is called.
            *words: What Python is told.
            port: Where it serves; a free one, which the variable PORT says, if none is named.
        """
        return serving(
            [self.python, *words],
            port=port or free_port(),
            log=self.data / f"{name}.log",
            cwd=self.project,
            env=self.environment,
        )

    def requests_per_second(
        self,
        url: str,
        *,
        headers: Sequence[str] = (),
        script: Path | None = None,
        words: Sequence[str | Path] = (),
    ) -> float:
        """Load an address for some seconds.

        Args:
            url: The address.
            headers: What is sent along.
            script: What makes the requests, in Lua.
            words: What the script is told.

        Raises:
            AssertionError: Something was refused: that would not be the same work.
        """
        options = [f"--connections={CONNECTIONS}", "--threads=1", f"--duration={self.seconds}s"]
        options += [f"--header={header}" for header in headers]
        options += [f"--script={script}"] if script else []
        output = run(["wrk", *options, url, *(["--", *words] if words else [])])
        logs = "".join(log.read_text()[-3000:] for log in sorted(self.data.glob("*.log")))
        assert "Non-2xx" not in output, output + logs
        found = re.search(r"Requests/sec:\s+([\d.]+)", output)
        assert found, output
        return float(found[1])


def read_arguments(description: str, *, rounds: int, seconds: int) -> argparse.Namespace:
    """Read what the benchmark was started with, and install the project.

    Args:
        description: What it measures; the first line is shown.
        rounds: How many rounds there are unless somebody says otherwise.
        seconds: How long each measurement takes unless somebody says otherwise.
    """
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("project", type=Path, help="the project to measure")
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--seconds", type=int, default=seconds, help="for each measurement")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    arguments = parser.parse_args()
    if not shutil.which("wrk"):
        parser.error("wrk is not installed. On Debian: apt-get install wrk")
    arguments.project = arguments.project.resolve()
    run(["uv", "sync", "--quiet"], cwd=arguments.project)
    return arguments


def ratio(rates: Sequence[float], others: Sequence[float]) -> float:
    """The median of the ratios of each round."""
    return statistics.median(one / other for one, other in zip(rates, others, strict=True))


def say(text: str) -> None:
    """Tell how far it is."""
    print(text, file=sys.stderr)
