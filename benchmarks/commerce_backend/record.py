"""Record what the commerce backend sends to the database. Runs in the project's Python.

    python record.py CUSTOMERS TARGET ...     with the project's environment variables set

CUSTOMERS is the file with the customers; the first of them buys. Prints JSON: for each target its
statements with their parameters. What is another in each checkout is a name in braces, such as
`{customer}`.
"""

import json
import logging
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import django
from django.db import connection
from django.test import Client

KEY = "recorded-key"
BODY = {
    "address": {
        "recipient": "Ada",
        "street": "Long Lane 1",
        "postal_code": "10115",
        "city": "Berlin",
        "country": "DE",
    }
}


def record(target: str, customer: str) -> list[dict[str, Any]]:
    """Send a request once, and note its statements."""
    statements: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        statements.append((sql, parameters))
        return execute(sql, parameters, many, context)

    client = Client(SERVER_NAME="localhost")
    method, path = target.split()
    names: Mapping[str, str] = {}
    with connection.execute_wrapper(note):
        if method == "GET":
            answer = client.get(path)
        else:
            token, *_ = customer.split()
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": KEY}
            answer = client.post(path, BODY, content_type="application/json", headers=headers)
    assert answer.status_code in {200, 201}, answer.content
    if method == "POST":
        names = names_of(customer, answer.json()["number"])
    return [
        {"sql": sql, "parameters": [named(each, names) for each in parameters or ()]}
        for sql, parameters in statements
    ]


def names_of(customer: str, number: str) -> dict[str, str]:
    """What is another in each checkout, by what it was in this one."""
    from django_tasks_db.models import DBTaskResult  # noqa: PLC0415 - Django has to be set up

    from app.orders.models import Order  # noqa: PLC0415

    _, session, user, cart = customer.split()
    order = Order.objects.get(number=number)
    return {
        session: "session",
        user: "customer",
        cart: "cart",
        KEY: "key",
        number: "number",
        str(order.pk): "order",
        str(order.lines.get().product_id): "product",
        str(DBTaskResult.objects.get().pk): "task",
    }


def named(parameter: Any, names: Mapping[str, str]) -> Any:
    """A parameter as it is kept in JSON, with names instead of what they stand for."""
    if isinstance(parameter, list):
        return [named(each, names) for each in parameter]
    if name := names.get(str(parameter)):
        return f"{{{name}}}"
    if isinstance(parameter, int | None):
        return parameter
    if not hasattr(parameter, "obj"):
        return str(parameter)
    # Meant for a column of JSON, where names can be anywhere within it.
    text = json.dumps(parameter.obj).replace("{", "{{").replace("}", "}}")
    for value, name in names.items():
        text = text.replace(value, f"{{{name}}}")
    return text


if __name__ == "__main__":
    django.setup()
    logging.disable()
    with Path(sys.argv[1]).open() as customers:
        buyer = next(customers)
    print(json.dumps({target: record(target, buyer) for target in sys.argv[2:]}))
