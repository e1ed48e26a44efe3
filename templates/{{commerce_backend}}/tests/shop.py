"""What tests of the shop need: people who use it, goods, and what its answers look like."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from importlib import import_module
from itertools import count
from threading import Barrier
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.db import connection, connections, transaction
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from django_tasks_db.models import DBTaskResult
from moneyed import CURRENCIES
from rest_framework.request import Request
from support import Api, Json, Response

from app.accounts.models import User
from app.accounts.services import session_open
from app.carts.models import Cart, CartLine
from app.catalogue.models import Category, Product
from app.catalogue.services import product_create, stock_move
from app.money import Money, included_tax
from app.orders.lifecycle import Status
from app.orders.models import Order, OrderLine, StatusChange
from app.payments.fake import FakeProvider
from app.payments.models import Payment
from app.payments.provider import EventKind
from app.roles.services import Role, role_set

ADDRESS = {
    "recipient": "Ada Lovelace",
    "street": "Long Lane 1",
    "postal_code": "10115",
    "city": "Berlin",
    "country": "DE",
}
CHECKOUT = {"address": ADDRESS}
NEW_PRODUCT = {
    "sku": "NEW-01",
    "name": "New",
    "slug": "new",
    "category": "kitchen",
    "price": {"amount": "1.00", "currency": "EUR"},
}
"""A product that can be made where there is the category `kitchen`."""

_keys = count()


class Person:
    """Somebody who uses the API; without a token it is nobody in particular.

    The methods named after HTTP's send any request below `/api`. The others do what a person does
    and expect it to succeed; they return what came back.
    """

    def __init__(self, user: User | None = None, access: str = "", cart_token: str = "") -> None:
        self.user = user
        self.access = access
        self.refresh = ""
        self.cart_token = cart_token
        self._api = Api(access=access)

    def request(
        self, method: str, path: str, body: Json = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Send a request; a body of bytes goes as it is, any other as JSON."""
        own = {"X-Cart-Token": self.cart_token} if self.cart_token else {}
        return self._api.send(method, f"/api{path}", body, headers={**own, **(headers or {})})

    def get(self, path: str, **parameters: Any) -> Response:
        """Send GET, with query parameters."""
        query = f"?{urlencode(parameters)}" if parameters else ""
        return self.request("GET", path + query)

    def post(self, path: str, body: Json = None, **headers: str) -> Response:
        """Send POST; a header is named as in `idempotency_key="1"`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.request("POST", path, body, named)

    def put(self, path: str, body: Json) -> Response:
        """Send PUT."""
        return self.request("PUT", path, body)

    def patch(self, path: str, body: Json) -> Response:
        """Send PATCH."""
        return self.request("PATCH", path, body)

    def delete(self, path: str) -> Response:
        """Send DELETE."""
        return self.request("DELETE", path)

    def listed(self, path: str, name: str, **parameters: Any) -> tuple[list[Any], int]:
        """List things: the part that comes back, each by one of its fields, and how many in all."""
        page = took(self.get(path, **parameters), 200)
        return [each[name] for each in page["results"]], page["count"]

    def products(self, **parameters: Any) -> list[str]:
        """The SKUs of the products that come back."""
        return self.listed("/products", "sku", **parameters)[0]

    def add(self, sku: str, quantity: int = 1) -> dict[str, Any]:
        """Put something into the cart; whoever has no account is known by its token then."""
        cart = took(self.post("/cart/lines", {"sku": sku, "quantity": quantity}), 201)
        if not self.access:
            self.cart_token = cart["token"]
        return cart

    def cart(self) -> dict[str, Any]:
        """Look at the cart."""
        return took(self.get("/cart"), 200)

    def in_cart(self) -> dict[str, int]:
        """How many of which product are in the cart."""
        return {line["sku"]: line["quantity"] for line in self.cart()["lines"]}

    def check_out(self, key: str = "", **fields: Any) -> dict[str, Any]:
        """Place an order."""
        response = self.post(
            "/orders", {**CHECKOUT, **fields}, idempotency_key=key or f"key-{next(_keys)}"
        )
        return took(response, 201)

    def buy(self, *skus: str) -> dict[str, Any]:
        """Place an order for one of each."""
        for sku in skus:
            self.add(sku)
        return self.check_out()

    def start_payment(self, number: str) -> dict[str, Any]:
        """Start paying an order."""
        return took(self.post(f"/orders/{number}/payment"), 200)

    def pay(self, number: str) -> str:
        """Pay an order, so that the provider reports it; return the payment's reference."""
        reference: str = self.start_payment(number)["reference"]
        assert took(report(reference), 200) == {"outcome": "applied"}
        return reference

    def move(self, number: str, move: str) -> dict[str, Any]:
        """Move an order: `ship`, say."""
        return took(self.post(f"/orders/{number}/{move}"), 200)

    def status(self, number: str) -> str:
        """Where an order stands."""
        return str(took(self.get(f"/orders/{number}"), 200)["status"])


def took(response: Response, status: int) -> dict[str, Any]:
    """Check that a request succeeded, and return what came back."""
    assert response.status_code == status, response.content
    body: dict[str, Any] = response.json()
    return body


def join(name: str = "ada", role: Role = Role.CUSTOMER) -> Person:
    """Make somebody with an account, who is signed in. Nothing is hashed, so it takes no time."""
    user = User.objects.create(email=f"{name}@example.com", name=name.title(), password="!none")
    role_set(user=user, role=role)
    return signed_in(user)


def signed_in(user: User) -> Person:
    """Sign somebody in, as the API does once it has seen the password."""
    opened = session_open(user=user, request=Request(HttpRequest()))
    person = Person(opened.user, opened.tokens.access)
    person.refresh = opened.tokens.refresh
    return person


def browser_of(person: Person) -> Client:
    """The browser of somebody who has signed in to the admin."""
    assert person.user
    browser = Client(raise_request_exception=False)
    browser.force_login(person.user)
    return browser


def messages_of(response: Response) -> list[tuple[str, str]]:
    """What a page of the admin, or the one that it leads to, says: the level and the sentence."""
    return [(each.level_tag, each.message) for each in response.context["messages"]]


def money(text: str) -> Money:
    """Read money: `12.50 EUR`."""
    amount, currency = text.split()
    return Money(Decimal(amount), CURRENCIES[currency])


def wire(text: str) -> dict[str, str]:
    """Money as it goes over the wire."""
    amount, currency = text.split()
    return {"amount": amount, "currency": currency}


def category(name: str = "Kitchen") -> Category:
    """A category, made if need be."""
    return Category.objects.get_or_create(slug=name.lower(), defaults={"name": name})[0]


def product(sku: str = "MUG-01", price: str = "12.50 EUR", **fields: Any) -> Product:
    """Make a product of which there are ten; its slug is its SKU in small letters."""
    given = {
        "name": sku.title(),
        "slug": sku.lower(),
        "category": fields.pop("category", None) or category(),
        "price": money(price),
        "stock": 10,
        **fields,
    }
    return product_create(sku=sku, **given)


def products(number: int, **fields: Any) -> list[str]:
    """Make products, and return their SKUs."""
    return [product(f"P-{each:03}", **fields).sku for each in range(number)]


def fill(cart: Cart, *skus: str) -> None:
    """Put one of each into a cart, without a request for each."""
    CartLine.objects.bulk_create(
        CartLine(cart=cart, product=made, quantity=1)
        for made in Product.objects.filter(sku__in=skus).order_by("sku")
    )


def stock_of(sku: str) -> int:
    """How many there are."""
    return Product.objects.get(sku=sku).stock


def order_of(number: str) -> Order:
    """An order as the database has it."""
    return Order.objects.get(number=number)


def ordered(
    person: Person,
    sku: str = "MUG-01",
    *,
    quantity: int = 1,
    status: Status = Status.PENDING,
    at: datetime | None = None,
) -> str:
    """An order that stands somewhere, written row by row, which is quicker than a checkout.

    Returns:
        Its number.
    """
    assert person.user
    made = Product.objects.get(sku=sku)
    amount = made.price * quantity
    tax = included_tax(amount, made.tax_rate)
    order = Order.objects.create(
        customer=person.user,
        email=person.user.email,
        status=status,
        total_amount=amount.amount,
        tax_amount=tax.amount,
        currency=made.price_currency,
        idempotency_key=f"key-{next(_keys)}",
        **ADDRESS,
    )
    OrderLine.objects.create(
        order=order,
        product=made,
        sku=sku,
        name=made.name,
        quantity=quantity,
        unit_amount=made.price_amount,
        tax_rate=made.tax_rate,
        amount=amount.amount,
        tax_amount=tax.amount,
        currency=made.price_currency,
    )
    StatusChange.objects.create(order=order, after=Status.PENDING, actor=person.user)
    stock_move({made.pk: -quantity})
    if at is not None:
        Order.objects.filter(pk=order.pk).update(placed_at=at)
    return order.number


def set_status(number: str, status: str) -> None:
    """Have an order stand somewhere, however it may have come there."""
    Order.objects.filter(number=number).update(status=status)


def assert_moved(number: str, *moves: tuple[str, str, str | None, str]) -> None:
    """Check the record of an order: from where to where, by whom and why."""
    found = StatusChange.objects.filter(order__number=number).select_related("actor")
    assert [
        (each.before, each.after, each.actor and each.actor.email.partition("@")[0], each.reason)
        for each in found.order_by("pk")
    ] == list(moves)


def payment_of(reference: str) -> Payment:
    """A payment as the database has it."""
    return Payment.objects.get(reference=reference)


def report(
    reference: str, kind: EventKind = EventKind.SUCCEEDED, amount: Money | None = None
) -> Response:
    """Report something about a payment, as the provider does."""
    body, headers = signed_report(reference, kind, amount)
    return send_report(body, headers)


def signed_report(
    reference: str, kind: EventKind = EventKind.SUCCEEDED, amount: Money | None = None
) -> tuple[bytes, dict[str, str]]:
    """Make a report: its body, and its headers."""
    return FakeProvider().report(
        kind, reference=reference, money=amount or payment_of(reference).money
    )


def send_report(body: bytes, headers: Mapping[str, str]) -> Response:
    """Send a report to the shop, once more maybe."""
    return Api().send("POST", "/api/payments/webhook", body, headers=headers)


def routes() -> Iterator[tuple[str, URLPattern]]:
    """Every address of the URL configuration, as it is written there, and what answers it."""

    def walk(
        patterns: Iterable[URLPattern | URLResolver], before: str
    ) -> Iterator[tuple[str, URLPattern]]:
        for each in patterns:
            address = before + str(each.pattern)
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns, address)
            else:
                yield address, each

    return walk(get_resolver().url_patterns, "/")


def address_of(path: str) -> str:
    """The address of a path below `/api`, as the URL configuration writes it."""
    for value, name in {
        r"/categories/[^/]+": "/categories/<slug:slug>",
        r"/products/[^/]+": "/products/<slug:slug>",
        r"/lines/[^/]+": "/lines/<slug:sku>",
        r"/orders/[^/]+": "/orders/<str:number>",
    }.items():
        path = re.sub(value, name, path)
    return path


Snapshot = dict[str, list[str]]


def snapshot() -> Snapshot:
    """All rows of all tables, to compare."""
    return {
        model._meta.db_table: sorted(map(repr, model._default_manager.values_list()))
        for model in apps.get_models(include_auto_created=True)
    }


def sizes(rows: Snapshot) -> dict[str, int]:
    """How many rows each table has that has any."""
    return {table: len(found) for table, found in rows.items() if found}


def changed(before: Snapshot, after: Snapshot) -> set[str]:
    """The tables that are not as they were."""
    return {table for table in before if before[table] != after[table]}


@contextmanager
def undone() -> Iterator[None]:
    """Undo in the end what the block writes; many cases can then start from one scene."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def statements(send: Any) -> int:
    """How many statements go to the database, without those that only bound transactions."""
    with CaptureQueriesContext(connection) as captured:
        response = send()
    assert response.status_code < 400, response.content
    bounds = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")
    return sum(not query["sql"].startswith(bounds) for query in captured.captured_queries)


def at_once(requests: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do things in threads that begin together, each on a connection of its own."""
    barrier = Barrier(len(requests))

    def one(request: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return request()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(requests)) as pool:
        return [each.result() for each in [pool.submit(one, request) for request in requests]]


def make_roles() -> None:
    """Make the groups that are roles anew: a test that commits for real leaves no rows at all."""
    migration = import_module("app.roles.migrations.0001_roles")
    migration.make(apps, SimpleNamespace(connection=connection))


def queued() -> list[str]:
    """The tasks that wait, by the names of their functions."""
    waiting = DBTaskResult.objects.ready().order_by("enqueued_at")
    return [task.task_path.rpartition(".")[2] for task in waiting]


def run_tasks() -> list[str]:
    """Do what waits in the queue, as the worker does; return what became of each."""
    from django_tasks_db.management.commands.db_worker import Worker  # noqa: PLC0415

    worker = Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="test",
        excluded_queue_names=[],
    )
    done = []
    for task in DBTaskResult.objects.ready().order_by("enqueued_at"):
        task.claim("test")
        worker.run_task(task)
        task.refresh_from_db()
        done.append(str(task.status))
    return done
