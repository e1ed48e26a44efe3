"""How fast is the commerce backend? Ratios to the same statements by bare psycopg, in one run.

    python -m benchmarks.commerce_backend PROJECT [--rounds 3] [--seconds 4] [--json]

PROJECT is a generated commerce backend (`uv sync` is run there). A PostgreSQL of its own is started
and filled with 1,000 products and as many customers as are needed, who are signed in and each have
one line in their cart. Three programs take turns, round after round, so that a busy moment of the
machine meets all of them:

    app          the project, as `python -m app serve` starts it: one worker process
    bare         a WSGI function on the same gunicorn, that sends the same statements by psycopg in
                 one transaction, and makes JSON by hand
    transaction  the same without HTTP: a loop in each of as many threads

Everything has 8 threads and 16 clients. It prints the medians of app/bare and of app/transaction,
by requests (or transactions) per second; the number of SQL statements of each request; and, for
each of the three, the rate of checkouts that are all of one product compared with that of checkouts
which are spread over 1,000. It needs uv, wrk (Debian: apt-get install wrk), and what
`tests/postgres.py` needs.
"""

import json
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.services import Bench, Rates, ratio, read_arguments, say
from tests.postgres import Postgres, postgres_server
from tests.support import REPOSITORY, free_port

HERE = Path(__file__).parent
THREADS = 8
PRODUCTS = 1000
FASTEST = 2500
"""Nothing here checks out as often in a second, so there are as many customers."""

LIST = "GET /api/products?limit=20"
CHECKOUT = "POST /api/orders"
SPREAD = f"{CHECKOUT}, {PRODUCTS:,} products"
CONTENDED = f"{CHECKOUT}, one product"
LOADS = (LIST, SPREAD, CONTENDED)
PROGRAMS = ("app", "bare", "transaction")

# Unlike all other numbers, so that a recorded parameter can be told to be this and nothing else.
NUMBER_ROWS = """
SELECT setval('carts_cart_id_seq', 1000000), setval('catalogue_product_id_seq', 2000000),
       setval('orders_order_id_seq', 3000000)
"""
# Every measurement begins with the same rows.
REFILL = """
TRUNCATE orders_order, carts_cartline, django_tasks_database_dbtaskresult CASCADE;
UPDATE catalogue_product SET stock = 1000000;
INSERT INTO carts_cartline (cart_id, product_id, quantity)
SELECT cart.id, product.id, 1
FROM (SELECT id, row_number() OVER (ORDER BY id) % {products} AS place FROM carts_cart) AS cart
JOIN (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS place
    FROM catalogue_product WHERE is_active
) AS product USING (place)
"""


@dataclass(frozen=True, kw_only=True)
class Shop(Bench):
    """A shop, and what is measured with it.

    Attributes:
        postgres: The database server.
    """

    postgres: Postgres

    @property
    def customers(self) -> Path:
        """The file with the customers."""
        return self.data / "customers"

    @property
    def environment(self) -> Mapping[str, str]:
        """The settings of the project, and of what runs in its Python."""
        return {
            **super().environment,
            "DJANGO_SETTINGS_MODULE": "app.settings",
            "WEB_CONCURRENCY": "1",
            "WEB_THREADS": str(THREADS),
            "ACCESS_TOKEN_LIFETIME": "P1D",
            "BENCH_DATA": str(self.data),
        }

    def prepare(self) -> Mapping[str, int]:
        """Fill the database and record the statements; return how many there are."""
        self.in_project("-m", "app", "migrate")
        self.postgres.ask(NUMBER_ROWS, self.database)
        # One of the products is not for sale.
        self.in_project("-m", "app", "seed", f"--products={PRODUCTS + 1}", "--orders=1")
        customers = self.in_project(HERE / "customers.py", str(FASTEST * self.seconds))
        self.customers.write_text(customers, encoding="utf-8")
        self.refill(PRODUCTS)
        recorded = self.in_project(HERE / "record.py", self.customers, LIST, CHECKOUT)
        (self.data / "statements.json").write_text(recorded, encoding="utf-8")
        return {target: len(statements) for target, statements in json.loads(recorded).items()}

    @contextmanager
    def servers(self) -> Iterator[Mapping[str, str]]:
        """Run both servers, and yield their addresses."""
        bare_port = free_port()
        bare = (
            *("-m", "gunicorn", f"--bind=127.0.0.1:{bare_port}", f"--threads={THREADS}"),
            *("--worker-class=gthread", "--workers=1", f"--pythonpath={REPOSITORY}"),
            "benchmarks.commerce_backend.bare:application",
        )
        with (
            self.serving("app", "-m", "app", "serve") as app,
            self.serving("bare", *bare, port=bare_port) as bare_url,
        ):
            yield {"app": app, "bare": bare_url}

    def refill(self, products: int) -> None:
        """Undo all checkouts, and put something into each cart.

        Args:
            products: How many products the carts have among them.
        """
        self._settle()
        self.postgres.ask(REFILL.format(products=products), self.database)
        self.postgres.ask("VACUUM ANALYZE", self.database)

    def _settle(self) -> None:
        """Wait for requests that were being answered when the clients hung up."""
        before, now = -1, self._orders()
        while now != before:
            time.sleep(1)
            before, now = now, self._orders()

    def _orders(self) -> int:
        return int(self.postgres.ask("SELECT count(*) FROM orders_order", self.database))

    def send(self, target: str, url: str) -> float:
        """Load an address for some seconds."""
        script = HERE / "checkout.lua" if target == CHECKOUT else None
        address = url + target.split()[1]
        return self.requests_per_second(address, script=script, words=(self.customers,))

    def transactions_per_second(self, target: str) -> float:
        """Send a target's statements for some seconds, without HTTP."""
        options = (f"--seconds={self.seconds}", f"--threads={THREADS}")
        return float(self.in_project(HERE / "transactions.py", target, *options))


def main() -> int:
    """Measure and print."""
    arguments = read_arguments(__doc__, rounds=3, seconds=4)
    with tempfile.TemporaryDirectory(prefix="bench-") as data, postgres_server() as postgres:
        bench = Shop(
            project=arguments.project,
            data=Path(data),
            postgres=postgres,
            database=postgres.new_database(),
            seconds=arguments.seconds,
        )
        counts = bench.prepare()
        with bench.servers() as urls:
            rates = measure(bench, urls, rounds=arguments.rounds)
    report(rates, counts, as_json=arguments.json)
    return 0


def measure(bench: Shop, urls: Mapping[str, str], *, rounds: int) -> Rates:
    """How often something is done in a second, by load and program, one figure for each round."""
    rates: dict[str, dict[str, list[float]]] = {
        load: {program: [] for program in PROGRAMS} for load in LOADS
    }
    for number in range(1, rounds + 1):
        for load in LOADS:
            target = target_of(load)
            for program in PROGRAMS:
                if target == CHECKOUT:
                    bench.refill(1 if load == CONTENDED else PRODUCTS)
                rates[load][program].append(
                    bench.send(target, urls[program])
                    if program in urls
                    else bench.transactions_per_second(target)
                )
        say(f"round {number} of {rounds} is done")
    return rates


def report(rates: Rates, counts: Mapping[str, int], *, as_json: bool) -> None:
    """Print the ratios."""
    ratios = {
        load: {f"app/{other}": ratio(found["app"], found[other]) for other in PROGRAMS[1:]}
        for load, found in rates.items()
    }
    contention = {
        program: ratio(rates[CONTENDED][program], rates[SPREAD][program]) for program in PROGRAMS
    }
    if as_json:
        document = {"ratios": ratios, "statements": counts, "one product/1,000": contention}
        print(json.dumps(document, indent=2))
        return
    print(f"{'':32}", *ratios[LIST], "statements", sep="  ")
    for load, found in ratios.items():
        bare, transaction = found.values()
        print(f"{load:32}  {bare:8.2f}  {transaction:15.2f}  {counts[target_of(load)]:10}")
    shown = ", ".join(f"{program} {found:.2f}" for program, found in contention.items())
    print(f"checkouts of one product compared with {PRODUCTS:,}: {shown}")


def target_of(load: str) -> str:
    """The request that a load sends."""
    return load.partition(",")[0]


if __name__ == "__main__":
    raise SystemExit(main())
