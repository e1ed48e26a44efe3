"""Who may do what: every route outside of the admin, once for each kind of visitor."""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from shop import (
    CHECKOUT,
    NEW_PRODUCT,
    Person,
    address_of,
    category,
    join,
    product,
    routes,
    set_status,
    snapshot,
    undone,
)
from support import PASSWORD, Api, Json, member

from app.core.openapi import document
from app.orders.lifecycle import Status
from app.roles.services import Role

pytestmark = pytest.mark.django_db

NEW_USER = {"email": "eve@example.com", "password": PASSWORD}
LOGIN = {"email": "lena@example.com", "password": PASSWORD}
REFRESH = {"refresh": "{refresh}"}
CATEGORY = {"name": "New", "slug": "new"}
NAME = {"name": "New"}
STOCK = {"change": 1}
LINE = {"sku": "MUG-01", "quantity": 1}
QUANTITY = {"quantity": 2}


class Row(NamedTuple):
    """A route, what is sent to it, and the status that each visitor gets."""

    route: str
    nobody: int
    customer: int
    owner: int
    support: int
    merchandiser: int
    administrator: int
    body: Json = None


# `owner` has placed the orders {pending}, {paid} and {shipped}; everybody but nobody has a cart
# with a mug in it. "secret" is a product that is not for sale.
TABLE = [
    #                                       nobody customer owner support merchandiser administrator
    Row("POST /api/auth/register", 201, 201, 201, 201, 201, 201, NEW_USER),
    Row("POST /api/auth/login", 200, 200, 200, 200, 200, 200, LOGIN),
    Row("POST /api/auth/refresh", 200, 200, 200, 200, 200, 200, REFRESH),
    Row("POST /api/auth/logout", 204, 204, 204, 204, 204, 204, REFRESH),
    Row("GET /api/account", 401, 200, 200, 200, 200, 200),
    Row("PATCH /api/account", 401, 200, 200, 200, 200, 200, NAME),
    Row("GET /api/categories", 200, 200, 200, 200, 200, 200),
    Row("POST /api/categories", 401, 403, 403, 403, 201, 201, CATEGORY),
    Row("GET /api/categories/kitchen", 200, 200, 200, 200, 200, 200),
    Row("PATCH /api/categories/kitchen", 401, 403, 403, 403, 200, 200, NAME),
    Row("DELETE /api/categories/empty", 401, 403, 403, 403, 204, 204),
    Row("GET /api/products", 200, 200, 200, 200, 200, 200),
    Row("POST /api/products", 401, 403, 403, 403, 201, 201, NEW_PRODUCT),
    Row("GET /api/products/mug-01", 200, 200, 200, 200, 200, 200),
    Row("GET /api/products/secret", 404, 404, 404, 404, 200, 200),
    Row("PATCH /api/products/mug-01", 401, 403, 403, 403, 200, 200, NAME),
    Row("PATCH /api/products/secret", 401, 403, 403, 403, 200, 200, NAME),
    Row("POST /api/products/mug-01/stock", 401, 403, 403, 403, 200, 200, STOCK),
    Row("POST /api/products/secret/stock", 401, 403, 403, 403, 200, 200, STOCK),
    Row("GET /api/cart", 200, 200, 200, 200, 200, 200),
    Row("DELETE /api/cart", 404, 204, 204, 204, 204, 204),
    Row("POST /api/cart/lines", 201, 201, 201, 201, 201, 201, LINE),
    Row("PUT /api/cart/lines/MUG-01", 200, 200, 200, 200, 200, 200, QUANTITY),
    Row("DELETE /api/cart/lines/MUG-01", 404, 204, 204, 204, 204, 204),
    Row("GET /api/orders", 401, 200, 200, 200, 200, 200),
    Row("POST /api/orders", 401, 201, 201, 201, 201, 201, CHECKOUT),
    Row("GET /api/orders/{pending}", 401, 404, 200, 200, 404, 200),
    Row("POST /api/orders/{pending}/payment", 401, 404, 200, 403, 404, 403),
    Row("POST /api/orders/{pending}/cancel", 401, 404, 200, 200, 404, 200),
    Row("POST /api/orders/{paid}/cancel", 401, 404, 200, 200, 404, 200),
    Row("POST /api/orders/{paid}/ship", 401, 404, 403, 403, 404, 200),
    Row("POST /api/orders/{shipped}/deliver", 401, 404, 403, 403, 404, 200),
    Row("POST /api/orders/{shipped}/refund", 401, 404, 403, 403, 404, 200),
    # Its signature is its right, and here there is none.
    Row("POST /api/payments/webhook", 400, 400, 400, 400, 400, 400),
    Row("GET /health/live", 200, 200, 200, 200, 200, 200),
    Row("GET /health/ready", 200, 200, 200, 200, 200, 200),
    Row("GET /openapi.json", 200, 200, 200, 200, 200, 200),
    Row("GET /docs", 200, 200, 200, 200, 200, 200),
]
VISITORS = ("nobody", "customer", "owner", "support", "merchandiser", "administrator")


def configured() -> Iterator[str]:
    """Every route outside of the admin, with each method that it knows."""
    for address, pattern in routes():
        if address.startswith("/admin/"):
            continue
        view = getattr(pattern.callback, "cls", None)
        methods = ("get", "post", "put", "patch", "delete")
        for method in [each for each in methods if hasattr(view, each)] if view else ["get"]:
            yield f"{method.upper()} {address}"


def test_every_route_is_in_the_table() -> None:
    assert {address_of(row.route) for row in TABLE} == set(configured())


def test_the_document_asks_for_signing_in_where_the_table_does() -> None:
    paths = json.loads(document())["paths"]
    described = {
        (f"{method.upper()} {re.sub('{.*?}', '*', path)}", {} not in operation["security"])
        for path, item in paths.items()
        for method, operation in item.items()
    }
    assert described == {
        (re.sub("<.*?>", "*", address_of(row.route)), row.nobody == 401)
        for row in TABLE
        if row.route not in {"GET /openapi.json", "GET /docs"}
    }


def scene() -> tuple[dict[str, Person], dict[str, str]]:
    """The visitors, and what stands in the paths and bodies of the table."""
    product("MUG-01", stock=50)
    product("SECRET", is_active=False)
    category("Empty")
    member("lena@example.com")
    visitors = {
        "nobody": Person(),
        "customer": join("carl"),
        "owner": join("olga"),
        "support": join("sam", Role.SUPPORT),
        "merchandiser": join("mary", Role.MERCHANDISER),
        "administrator": join("anna", Role.ADMINISTRATOR),
    }
    values = {"refresh": join("renate").refresh}
    for status in (Status.PENDING, Status.PAID, Status.SHIPPED):
        number = visitors["owner"].buy("MUG-01")["number"]
        set_status(number, status)
        values[status.value] = number
    for name in VISITORS[1:]:
        visitors[name].add("MUG-01")
    return visitors, values


@pytest.mark.parametrize("visitor", VISITORS)
def test_a_visitor_gets_what_the_table_says_and_what_is_refused_changes_nothing(
    visitor: str,
) -> None:
    visitors, values = scene()
    api = Api(access=visitors[visitor].access)
    before = snapshot()
    answers, changed = {}, []
    for row in TABLE:
        method, path = row.route.format(**values).split()
        body = json.dumps(row.body).replace("{refresh}", values["refresh"]).encode()
        with undone():
            headers = {"Idempotency-Key": "k1"}
            response = api.send(method, path, body if row.body else None, headers=headers)
            answers[row.route] = response.status_code
            if response.status_code >= 400 and snapshot() != before:
                changed.append(row.route)
        if response.status_code == 401:
            assert response.headers["www-authenticate"] == "Bearer"
    assert answers == {row.route: getattr(row, visitor) for row in TABLE}
    assert changed == []
    assert snapshot() == before
