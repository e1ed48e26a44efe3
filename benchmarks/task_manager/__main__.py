"""How fast is the task manager? Ratios to bare handlers that do the same work, in one run.

    python -m benchmarks.task_manager PROJECT [--rounds 3] [--seconds 4] [--json]

PROJECT is a generated task manager (`uv sync` is run there). A PostgreSQL of its own is started
and filled with a project of 1,000 tasks. Two servers run beside each other, each one uvicorn worker
with uvloop and httptools:

    app   the project, as `python -m app serve` starts it in production, its logs going to a file
    bare  Starlette handlers that send the same SELECTs, or the fewest statements that move a task
          with the same guarantees, by asyncpg, and make JSON by hand; listeners have a queue each

Everything is measured in turn on both, round after round, so that a busy moment of the machine
meets both. It prints the median of app/bare: in requests per second for the board and for moving
tasks (16 clients), and in events per second for 200 listeners who all hear of 200 changes, made one
after the other as fast as the database takes them. It also prints the number of SQL statements of
each request. It needs uv, wrk (Debian: apt-get install wrk), and what `tests/postgres.py` needs.
"""

import argparse
import json
import random
import re
import shutil
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.postgres import postgres_server
from tests.serving import serving
from tests.support import free_port, run

HERE = Path(__file__).parent
CONNECTIONS = 16
TASKS = 1000
LISTENERS = 200
CHANGES = 200
BOARD = "GET board, first 100 of 1,000 tasks"
PAGES = "GET board, any 100 of 1,000 tasks"
MOVE = "POST move, any of 1,000 tasks"
FAN_OUT = "events to 200 listeners"
LOADS = (BOARD, PAGES, MOVE, FAN_OUT)

Rates = Mapping[str, Mapping[str, Sequence[float]]]


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
        return {
            "DATABASE_URL": self.database,
            "LOG_FORMAT": "json",
            "ACCESS_TOKEN_LIFETIME": "P1D",
            "BENCH_RECORDED": str(self.data / "recorded.json"),
        }

    def in_project(self, *words: str | Path) -> str:
        """Run something in the project's Python, and return what it printed."""
        return run([self.python, *words], cwd=self.project, env=self.environment)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("project", type=Path, help="the project to measure")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=4, help="for each measurement")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    arguments = parser.parse_args()
    if not shutil.which("wrk"):
        parser.error("wrk is not installed. On Debian: apt-get install wrk")

    project = arguments.project.resolve()
    run(["uv", "sync", "--quiet"], cwd=project)
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        postgres = stack.enter_context(postgres_server())
        bench = Bench(
            project=project,
            data=data,
            database=postgres.new_database(),
            seconds=arguments.seconds,
        )
        bench.in_project("-m", "app", "migrate")
        bench.in_project("-m", "app", "seed", f"--tasks={TASKS}")
        postgres.ask("VACUUM ANALYZE", bench.database)
        recorded = json.loads(bench.in_project(HERE / "record.py"))
        (data / "recorded.json").write_text(json.dumps(recorded), encoding="utf-8")
        urls: dict[str, str] = {}
        programs: Mapping[str, Sequence[str | Path]] = {
            "app": ("-m", "app", "serve"),
            "bare": (HERE / "bare.py",),
        }
        for name, words in programs.items():
            urls[name] = stack.enter_context(
                serving(
                    [bench.python, *words],
                    port=free_port(),
                    log=data / f"{name}.log",
                    cwd=project,
                    env=bench.environment,
                )
            )
        rates = measure(bench, urls, recorded, rounds=arguments.rounds)
    report(rates, recorded["statements"], as_json=arguments.json)
    return 0


def measure(
    bench: Bench, urls: Mapping[str, str], recorded: Mapping[str, Any], *, rounds: int
) -> Rates:
    """How often something is done in a second, by load and server, one figure for each round."""
    rates: dict[str, dict[str, list[float]]] = {
        load: {server: [] for server in urls} for load in LOADS
    }
    requests = {
        BOARD: [{"path": recorded["pages"][0]["path"]}],
        PAGES: [{"path": page["path"]} for page in recorded["pages"]],
        MOVE: list(moves(recorded["columns"])),
    }
    for number in range(1, rounds + 1):
        for load in LOADS:
            for server, url in urls.items():
                if load == FAN_OUT:
                    rate = fan_out(bench, url, recorded["followers"])
                else:
                    rate = requests_per_second(bench, url, recorded["token"], requests[load])
                rates[load][server].append(rate)
        say(f"round {number} of {rounds} is done")
    return rates


def moves(columns: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    """Many moves within columns: which task, and the one that is to be above it."""
    chance = random.Random(5)
    made = []
    for keys in columns.values():
        for _ in range(len(keys) * 4):
            task, above = chance.sample(list(keys), 2)
            made.append({"path": f"/api/tasks/{task}/move", "body": json.dumps({"after": above})})
    chance.shuffle(made)
    return made


def requests_per_second(
    bench: Bench, url: str, token: str, requests: Sequence[Mapping[str, str]]
) -> float:
    """Load a server for some seconds with some requests, in turn.

    Raises:
        AssertionError: Something was refused: that would not be the same work.
    """
    file = bench.data / "requests"
    lines = [f"{request['path']}\t{request.get('body', '')}\n" for request in requests]
    file.write_text("".join(lines), encoding="utf-8")
    options = [f"--connections={CONNECTIONS}", "--threads=1", f"--duration={bench.seconds}s"]
    script = f"--script={HERE / 'requests.lua'}"
    output = run(["wrk", *options, script, url, "--", file, token])
    logs = "".join(log.read_text()[-3000:] for log in sorted(bench.data.glob("*.log")))
    assert "Non-2xx" not in output, output + logs
    found = re.search(r"Requests/sec:\s+([\d.]+)", output)
    assert found, output
    return float(found[1])


def fan_out(bench: Bench, url: str, tokens: Sequence[str]) -> float:
    """How many events all listeners together hear in a second.

    Raises:
        AssertionError: Somebody did not hear each change once, in order.
    """
    words = (HERE / "listeners.py", f"{url}/api/projects/WEB/events", LISTENERS, CHANGES)
    environment = {**bench.environment, "BENCH_TOKENS": " ".join(tokens)}
    output = run([bench.python, *map(str, words)], cwd=bench.project, env=environment)
    heard = json.loads(output)
    for events in heard["events"]:
        assert events == list(range(events[0], events[0] + CHANGES)), events
    return LISTENERS * CHANGES / float(heard["seconds"])


def report(rates: Rates, statements: Mapping[str, int], *, as_json: bool) -> None:
    """Print the ratios."""
    ratios = {
        load: statistics.median(
            app / bare for app, bare in zip(found["app"], found["bare"], strict=True)
        )
        for load, found in rates.items()
    }
    if as_json:
        print(json.dumps({"app/bare": ratios, "statements": statements}, indent=2))
        return
    print("app/bare, requests (or events) per second")
    for load, found in ratios.items():
        print(f"{load:40} {found:5.2f}")
    for request, count in statements.items():
        print(f"{request:40} {count} statements")


def say(text: str) -> None:
    """Tell how far it is."""
    print(text, file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
