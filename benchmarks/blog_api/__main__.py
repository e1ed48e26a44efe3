"""How fast is the blog API? Ratios to a bare handler that sends the same SELECTs, in one run.

    python -m benchmarks.blog_api PROJECT [--rounds 5] [--seconds 5] [--json]

PROJECT is a generated blog API (`uv sync` is run there). A PostgreSQL of its own is started and
filled with 20 users and 500 articles with 3 tags each. Two servers run beside each other, each one
uvicorn worker with uvloop and httptools:

    app   the project, as `python -m app serve` starts it in production, its logs going to a file
    bare  a Starlette handler that sends the same SELECTs by asyncpg, and makes JSON by hand

Every request is measured in turn on both, round after round, so that a busy moment of the machine
meets both. It prints the median of app/bare in requests per second (the goal is at least 0.5), the
number of SQL statements for each request, and what offset 480 costs compared with offset 0 (the
goal is at most 1.3). It needs uv, wrk (Debian: apt-get install wrk), and what `tests/postgres.py`
needs.
"""

import json
import statistics
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.services import Bench, Rates, ratio, read_arguments, say
from tests.postgres import postgres_server

HERE = Path(__file__).parent
SIGNED_IN = " (signed in)"
LIST = "/api/articles?limit=20"
FAR = "/api/articles?limit=20&offset=480"
TARGETS = (
    LIST,
    LIST + SIGNED_IN,
    FAR,
    "/api/articles/{slug}",
    "/api/articles/{slug}" + SIGNED_IN,
    "/api/articles/feed" + SIGNED_IN,
    "/api/tags",
)
MOST_STATEMENTS = 3


def main() -> int:
    """Measure and print."""
    arguments = read_arguments(__doc__, rounds=5, seconds=5)
    with ExitStack() as stack:
        postgres = stack.enter_context(postgres_server())
        bench = Articles(
            project=arguments.project,
            data=Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-"))),
            database=postgres.new_database(),
            seconds=arguments.seconds,
        )
        bench.in_project("-m", "app", "migrate")
        bench.in_project("-m", "app", "seed", "--users=20", "--articles=500")
        recorded = json.loads(bench.in_project(HERE / "record.py", *TARGETS))
        bench.requests.write_text(json.dumps(recorded["requests"]), encoding="utf-8")
        urls = {
            "app": stack.enter_context(bench.serving("app", "-m", "app", "serve")),
            "bare": stack.enter_context(bench.serving("bare", HERE / "bare.py")),
        }
        rates = measure(bench, urls, recorded, rounds=arguments.rounds)
    report(rates, recorded, as_json=arguments.json)
    return 0


class Articles(Bench):
    """A blog, and what is measured with it."""

    @property
    def requests(self) -> Path:
        """The file with the recorded requests."""
        return self.data / "requests.json"

    @property
    def environment(self) -> Mapping[str, str]:
        """The settings of the project, and of what runs in its Python."""
        return {**super().environment, "BENCH_REQUESTS": str(self.requests)}


def measure(
    bench: Bench, urls: Mapping[str, str], recorded: Mapping[str, Any], *, rounds: int
) -> Rates:
    """Requests per second, by target and server, one figure for each round."""
    rates: dict[str, dict[str, list[float]]] = {
        target: {server: [] for server in urls} for target in TARGETS
    }
    for number in range(1, rounds + 1):
        for target in TARGETS:
            path = recorded["requests"][target]["path"]
            headers = [f"Authorization: Token {recorded['token']}"] if SIGNED_IN in target else []
            for server, url in urls.items():
                rates[target][server].append(bench.requests_per_second(url + path, headers=headers))
        say(f"round {number} of {rounds} is done")
    return rates


def report(
    rates: Rates,
    recorded: Mapping[str, Any],
    *,
    as_json: bool,
) -> None:
    """Print the ratios."""
    ratios = {target: ratio(found["app"], found["bare"]) for target, found in rates.items()}
    statements = {
        target: len(request["statements"]) for target, request in recorded["requests"].items()
    }
    near, far = (statistics.median(rates[target]["app"]) for target in (LIST, FAR))
    offset = near / far
    if as_json:
        document = {"app/bare": ratios, "statements": statements, "offset 480/offset 0": offset}
        print(json.dumps(document, indent=2))
        return
    lines = [
        f"{target:45} {ratios[target]:5.2f}  {statements[target]} statements" for target in TARGETS
    ]
    lines.append(f"offset 480 costs {offset:.2f} times offset 0 (goal: at most 1.3)")
    print("app/bare, requests per second (goal: at least 0.5)", *lines, sep="\n")


if __name__ == "__main__":
    raise SystemExit(main())
