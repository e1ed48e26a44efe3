"""Each route that writes commits before it answers, and says so when that fails."""

import json
from typing import Any

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from shop import (
    CHECKOUT,
    NEW_PRODUCT,
    address_of,
    category,
    changed,
    join,
    make_roles,
    ordered,
    product,
    routes,
    signed_report,
    snapshot,
)
from support import Json, assert_problem

from app.orders.lifecycle import Status
from app.roles.services import Role

pytestmark = pytest.mark.django_db(transaction=True)

SHOP = tuple(f"app.{name}." for name in ("catalogue", "carts", "orders", "payments"))
WRITES: list[tuple[str, Json]] = [
    ("POST /categories", {"name": "New", "slug": "new"}),
    ("PATCH /categories/kitchen", {"name": "Cooking"}),
    ("DELETE /categories/empty", None),
    ("POST /products", NEW_PRODUCT),
    ("PATCH /products/mug-01", {"name": "New"}),
    ("POST /products/mug-01/stock", {"change": 1}),
    ("POST /cart/lines", {"sku": "MUG-01", "quantity": 1}),
    ("PUT /cart/lines/MUG-01", {"quantity": 5}),
    ("POST /orders", CHECKOUT),
    ("POST /cart/lines", {"sku": "MUG-01", "quantity": 1}),
    ("DELETE /cart/lines/MUG-01", None),
    ("DELETE /cart", None),
    ("POST /orders/{pending}/payment", None),
    ("POST /payments/webhook", "{report}"),
    ("POST /orders/{pending}/cancel", {"reason": "Why not."}),
    ("POST /orders/{paid}/ship", None),
    ("POST /orders/{paid}/deliver", None),
    ("POST /orders/{paid}/refund", None),
]


def test_a_commit_that_fails_is_told_and_what_is_answered_with_success_has_happened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_roles()
    product("MUG-01", stock=50)
    category("Empty")
    anna = join("anna", Role.ADMINISTRATOR)
    numbers = {
        status.value: ordered(anna, status=status) for status in (Status.PENDING, Status.PAID)
    }

    def fail(_self: Any) -> None:
        raise OperationalError("the disk is full")

    for route, body in WRITES:
        method, path = route.format(**numbers).split()
        headers = {"Idempotency-Key": "k1"}
        if body == "{report}":
            reference = anna.start_payment(numbers["pending"])["reference"]
            content, headers = signed_report(reference)
        else:
            content = json.dumps(body).encode() if body else b""
        before = snapshot()
        with monkeypatch.context() as patch:
            patch.setattr(BaseDatabaseWrapper, "_commit", fail)
            refused = anna.request(method, path, content, headers)
        assert_problem(
            refused,
            503,
            "database_unavailable",
            "The database does not answer. Try again in a moment.",
        )
        assert snapshot() == before, route
        # Whatever state the connection was in, the next request finds a good one.
        done = anna.request(method, path, content, headers)
        assert done.status_code < 300, (route, done.content)
        assert changed(before, snapshot()), route


def test_the_table_has_every_route_of_the_shop_that_writes() -> None:
    writing = set()
    for address, pattern in routes():
        view = getattr(pattern.callback, "cls", None)
        if view is None or not view.__module__.startswith(SHOP):
            continue
        writing |= {
            f"{method} {address.removeprefix('/api')}"
            for method in ("POST", "PUT", "PATCH", "DELETE")
            if hasattr(view, method.lower())
        }
    assert {address_of(route) for route, _ in WRITES} == writing
