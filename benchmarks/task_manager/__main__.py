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

import json
import random
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.services import Bench, Rates, ratio, read_arguments, say
from tests.postgres import postgres_server

HERE = Path(__file__).parent
TASKS = 1000
LISTENERS = 200
PROJECT = "WEB"
CHANGES = 200
BOARD = "GET board, first 100 of 1,000 tasks"
PAGES = "GET board, any 100 of 1,000 tasks"
MOVE = "POST move, any of 1,000 tasks"
FAN_OUT = "events to 200 listeners"
LOADS = (BOARD, PAGES, MOVE, FAN_OUT)


class Tasks(Bench):
    """A task manager, and what is measured with it."""

    @property
    def recorded(self) -> Path:
        """The file with what was recorded."""
        return self.data / "recorded.json"

    @property
    def environment(self) -> Mapping[str, str]:
        """The settings of the project, and of what runs in its Python."""
        own = {"ACCESS_TOKEN_LIFETIME": "P1D", "BENCH_RECORDED": str(self.recorded)}
        return {**super().environment, **own}

    def send(self, url: str, token: str, requests: Sequence[Mapping[str, str]]) -> float:
        """Load a server for some seconds with some requests, in turn."""
        file = self.data / "requests"
        lines = [f"{request['path']}\t{request.get('body', '')}\n" for request in requests]
        file.write_text("".join(lines), encoding="utf-8")
        return self.requests_per_second(url, script=HERE / "requests.lua", words=(file, token))

    def fan_out(self, url: str, tokens: Sequence[str]) -> float:
        """How many events all listeners together hear in a second.

        Raises:
            AssertionError: Somebody did not hear each change once, in order.
        """
        stream = f"{url}/api/projects/{PROJECT}/events"
        words = (HERE / "listeners.py", stream, str(LISTENERS), str(CHANGES))
        heard = json.loads(self.in_project(*words, BENCH_TOKENS=" ".join(tokens)))
        for events in heard["events"]:
            assert events == list(range(events[0], events[0] + CHANGES)), events
        return LISTENERS * CHANGES / float(heard["seconds"])


def main() -> int:
    """Measure and print."""
    arguments = read_arguments(__doc__, rounds=3, seconds=4)
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        postgres = stack.enter_context(postgres_server())
        bench = Tasks(
            project=arguments.project,
            data=data,
            database=postgres.new_database(),
            seconds=arguments.seconds,
        )
        bench.in_project("-m", "app", "migrate")
        bench.in_project("-m", "app", "seed", f"--tasks={TASKS}")
        postgres.ask("VACUUM ANALYZE", bench.database)
        bench.recorded.write_text(bench.in_project(HERE / "record.py"), encoding="utf-8")
        recorded = json.loads(bench.recorded.read_text(encoding="utf-8"))
        urls = {
            "app": stack.enter_context(bench.serving("app", "-m", "app", "serve")),
            "bare": stack.enter_context(bench.serving("bare", HERE / "bare.py")),
        }
        rates = measure(bench, urls, recorded, rounds=arguments.rounds)
    report(rates, recorded["statements"], as_json=arguments.json)
    return 0


def measure(
    bench: Tasks, urls: Mapping[str, str], recorded: Mapping[str, Any], *, rounds: int
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
                rates[load][server].append(
                    bench.fan_out(url, recorded["followers"])
                    if load == FAN_OUT
                    else bench.send(url, recorded["token"], requests[load])
                )
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


def report(rates: Rates, statements: Mapping[str, int], *, as_json: bool) -> None:
    """Print the ratios."""
    ratios = {load: ratio(found["app"], found["bare"]) for load, found in rates.items()}
    if as_json:
        print(json.dumps({"app/bare": ratios, "statements": statements}, indent=2))
        return
    print("app/bare, requests (or events) per second")
    for load, found in ratios.items():
        print(f"{load:40} {found:5.2f}")
    for request, count in statements.items():
        print(f"{request:40} {count} statements")


if __name__ == "__main__":
    raise SystemExit(main())
