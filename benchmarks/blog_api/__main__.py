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

import argparse
import json
import re
import shutil
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.postgres import postgres_server
from tests.serving import serving
from tests.support import free_port, run

HERE = Path(__file__).parent
CONNECTIONS = 16
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
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("project", type=Path, help="the project to measure")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5, help="for each measurement")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    arguments = parser.parse_args()
    if not shutil.which("wrk"):
        parser.error("wrk is not installed. On Debian: apt-get install wrk")

    project = arguments.project.resolve()
    run(["uv", "sync", "--quiet"], cwd=project)
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        postgres = stack.enter_context(postgres_server())
        environment = {"DATABASE_URL": postgres.new_database(), "LOG_FORMAT": "json"}
        python = project / ".venv" / "bin" / "python"
        for words in (("migrate",), ("seed", "--users=20", "--articles=500")):
            run([python, "-m", "app", *words], cwd=project, env=environment)
        recorded = json.loads(
            run([python, HERE / "record.py", *TARGETS], cwd=project, env=environment)
        )
        environment["BENCH_REQUESTS"] = str(work / "requests.json")
        Path(environment["BENCH_REQUESTS"]).write_text(json.dumps(recorded["requests"]))
        urls = {
            "app": stack.enter_context(
                serving(
                    [python, "-m", "app", "serve"],
                    port=free_port(),
                    log=work / "app.log",
                    cwd=project,
                    env=environment,
                )
            ),
            "bare": stack.enter_context(
                serving(
                    [python, HERE / "bare.py"],
                    port=free_port(),
                    log=work / "bare.log",
                    env=environment,
                )
            ),
        }
        rates = measure(urls, recorded, rounds=arguments.rounds, seconds=arguments.seconds)
    report(rates, recorded, as_json=arguments.json)
    return 0


def measure(
    urls: Mapping[str, str], recorded: Mapping[str, Any], *, rounds: int, seconds: int
) -> dict[str, dict[str, list[float]]]:
    """Requests per second, by target and server, one figure for each round."""
    rates: dict[str, dict[str, list[float]]] = {
        target: {server: [] for server in urls} for target in TARGETS
    }
    for number in range(1, rounds + 1):
        for target in TARGETS:
            path = recorded["requests"][target]["path"]
            headers = [f"Authorization: Token {recorded['token']}"] if SIGNED_IN in target else []
            for server, url in urls.items():
                rates[target][server].append(requests_per_second(url + path, headers, seconds))
        say(f"round {number} of {rounds} is done")
    return rates


def requests_per_second(url: str, headers: Sequence[str], seconds: int) -> float:
    """Load one address for some seconds.

    Raises:
        AssertionError: Something else than 2xx was answered: that would not be the same work.
    """
    options = [f"--connections={CONNECTIONS}", "--threads=1", f"--duration={seconds}s"]
    output = run(["wrk", *options, *(f"--header={header}" for header in headers), url])
    assert "Non-2xx" not in output, output
    found = re.search(r"Requests/sec:\s+([\d.]+)", output)
    assert found, output
    return float(found[1])


def report(
    rates: Mapping[str, Mapping[str, Sequence[float]]],
    recorded: Mapping[str, Any],
    *,
    as_json: bool,
) -> None:
    """Print the ratios."""
    ratios = {
        target: statistics.median(
            app / bare for app, bare in zip(found["app"], found["bare"], strict=True)
        )
        for target, found in rates.items()
    }
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


def say(text: str) -> None:
    """Tell how far it is."""
    print(text, file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
