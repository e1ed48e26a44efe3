"""The least that a server can do: the same statements by psycopg, and JSON by hand.

A WSGI application, for the gunicorn of the project's Python. See `transactions.py`.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from benchmarks.commerce_backend.transactions import Rows, customers, new_values, send

Json = Mapping[str, Any]
Row = tuple[Any, ...]

CUSTOMERS = dict(customers())


def application(environ: Mapping[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Send the recorded statements, and show what they return."""
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    status, document = "200 OK", ready()
    if method == "POST":
        status, document = "201 Created", checkout(f"POST {path}", environ)
    elif query := environ["QUERY_STRING"]:
        document = products(send(f"GET {path}?{query}", {}))
    body = json.dumps(document).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start_response(status, headers)
    return [body]


def ready() -> Json:
    """Tell that it answers."""
    return {"status": "ok"}


def products(results: Sequence[Rows]) -> Json:
    """The list of products, as the project shows it."""
    (count,), rows = results[0][0], results[1]
    return {"count": count, "results": [product(row) for row in rows]}


def product(row: Row) -> Json:
    """A product, as the project shows it."""
    _, sku, name, slug, description, _, price, currency, tax_rate, stock, is_active, *more = row
    created_at, updated_at, _, category_name, category_slug = more
    return {
        "sku": sku,
        "slug": slug,
        "name": name,
        "description": description,
        "category": {"slug": category_slug, "name": category_name},
        "price": money(price, currency),
        "tax_rate": str(tax_rate),
        "stock": stock,
        "is_active": is_active,
        "created_at": created_at.isoformat(),
        "updated_at": updated_at.isoformat(),
    }


def checkout(target: str, environ: Mapping[str, Any]) -> Json:
    """Buy what is in the cart, and show the order."""
    address = json.loads(environ["wsgi.input"].read())["address"]
    token = environ["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    values = new_values(CUSTOMERS[token], environ["HTTP_IDEMPOTENCY_KEY"])
    (session, *_), *_, lines, changes = send(target, values)
    shown = [line(row) for row in lines]
    return {
        "number": values["number"],
        "status": changes[-1][3],
        "email": session[11],
        "placed_at": changes[0][6].isoformat(),
        # There is one line.
        "total": shown[0]["total"],
        "tax": shown[0]["tax"],
        "address": address,
        "lines": shown,
        "history": [
            {
                "status": after,
                "at": at.isoformat(),
                "by_customer": str(actor) == values["customer"],
                "reason": reason,
            }
            for _, _, _, after, actor, reason, at in changes
        ],
    }


def line(row: Row) -> Json:
    """A line of an order, as the project shows it."""
    _, _, _, sku, name, quantity, price, tax_rate, total, tax, currency = row
    return {
        "sku": sku,
        "name": name,
        "quantity": quantity,
        "unit_price": money(price, currency),
        "tax_rate": str(tax_rate),
        "total": money(total, currency),
        "tax": money(tax, currency),
    }


def money(amount: Decimal, currency: str) -> Json:
    """An amount, as text."""
    return {"amount": f"{amount:.2f}", "currency": currency}
