"""The recorded statements by bare psycopg, in one transaction. Runs in the project's Python.

    python transactions.py TARGET --seconds 4 --threads 8

does that again and again in some threads, without HTTP, and prints how often it was in a second.
BENCH_DATA names the folder with the statements and the customers.
"""

import argparse
import itertools
import json
import os
import secrets
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

Values = dict[str, Any]
Rows = Sequence[tuple[Any, ...]]

DATA = Path(os.environ["BENCH_DATA"])
STATEMENTS: Mapping[str, Any] = json.loads((DATA / "statements.json").read_text())
# What is known once a statement has been sent: how that begins, and in which column it comes.
LEARNT = (
    ('SELECT "carts_cartline"', "product", 2),
    ('INSERT INTO "orders_order" ', "order", 0),
)
_of_thread = threading.local()


def customers() -> Iterator[tuple[str, Values]]:
    """The token of each customer, and the values that statements have for them."""
    with (DATA / "customers").open() as lines:
        for line in lines:
            token, session, customer, cart = line.split()
            yield token, {"session": session, "customer": customer, "cart": cart}


def new_values(customer: Values, key: str) -> Values:
    """The values of one checkout, as far as they are known before it."""
    return {**customer, "key": key, "number": secrets.token_hex(7), "task": str(uuid4())}


def connection() -> Any:
    """The thread's own connection, which stays open."""
    if not hasattr(_of_thread, "connection"):
        _of_thread.connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
    return _of_thread.connection


def send(target: str, values: Values) -> list[Rows]:
    """Send the statements of a request in one transaction, and return the rows of each."""
    results: list[Rows] = []
    with connection().transaction():
        for statement in STATEMENTS[target]:
            sql, parameters = statement["sql"], statement["parameters"]
            cursor = connection().execute(sql, [filled(each, values) for each in parameters])
            results.append(cursor.fetchall() if cursor.description else ())
            for beginning, name, column in LEARNT:
                if sql.startswith(beginning):
                    values.setdefault(name, results[-1][0][column])
    return results


def filled(parameter: Any, values: Values) -> Any:
    """A parameter with values in the place of their names."""
    if isinstance(parameter, list):
        return [filled(each, values) for each in parameter]
    return parameter.format_map(values) if isinstance(parameter, str) else parameter


def rate(target: str, *, seconds: float, threads: int) -> float:
    """How often the statements of a request can be sent in a second."""
    # Each buys once; who only looks may come again.
    waiting = customers() if target.startswith("POST") else itertools.cycle(customers())
    taking = threading.Lock()
    together = threading.Barrier(threads)

    def work(_number: int) -> int:
        connection()
        together.wait()
        end, done = time.perf_counter() + seconds, 0
        while time.perf_counter() < end:
            with taking:
                _, customer = next(waiting)
            send(target, new_values(customer, "bench"))
            done += 1
        return done

    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(work, range(threads))) / seconds


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("target")
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--threads", type=int, required=True)
    print(rate(**vars(parser.parse_args())))
