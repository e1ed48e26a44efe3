"""200 customers check out 50 pieces at once, by HTTP from a server that runs as in production."""

import http.client
import json
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from databases import connected
from django.conf import settings
from django.utils.timezone import now
from django_tasks_db.models import DBTaskResult
from processes import SECONDS, Server, serving
from pytest_django import DjangoDbBlocker
from shop import CHECKOUT, at_once, product, stock_of

from app.accounts import tokens
from app.accounts.models import Session, User
from app.carts.models import Cart, CartLine
from app.orders.models import Order, OrderLine, StatusChange

CUSTOMERS, PIECES = 200, 50

Answer = tuple[int, dict[str, Any]]


@pytest.fixture
def shop_url(migrated_url: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The URL of a database that this test and a server use together."""
    with django_db_blocker.unblock(), connected(migrated_url):
        yield migrated_url


def customers() -> list[str]:
    """Make all customers, each with one piece in the cart; return their access tokens."""
    people = [User(email=f"p{number}@example.com", password="!none") for number in range(CUSTOMERS)]
    User.objects.bulk_create(people)
    refreshes = [tokens.new_refresh() for _ in people]
    sessions = [
        Session(
            user=person,
            refresh_id=refresh.id,
            password_mark=person.get_session_auth_hash(),
            renewed_at=now(),
            expires_at=refresh.expires_at,
        )
        for person, refresh in zip(people, refreshes, strict=True)
    ]
    Session.objects.bulk_create(sessions)
    mug = product("MUG-01", stock=PIECES)
    carts = Cart.objects.bulk_create(Cart(customer=person) for person in people)
    CartLine.objects.bulk_create(CartLine(cart=cart, product=mug, quantity=1) for cart in carts)
    return [
        tokens.issue(session.pk, refresh).access
        for session, refresh in zip(sessions, refreshes, strict=True)
    ]


def check_out(server: Server, access: str) -> Answer:
    """Check out, on a connection of one's own."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=SECONDS)
    headers = {
        "Authorization": f"Bearer {access}",
        "Content-Type": "application/json",
        "Idempotency-Key": "k1",
    }
    try:
        connection.request("POST", "/api/orders", json.dumps(CHECKOUT), headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


@pytest.mark.parametrize("processes", ["1", "2"])
def test_fifty_pieces_are_sold_fifty_times(shop_url: str, tmp_path: Path, processes: str) -> None:
    accesses = customers()
    with serving(
        tmp_path,
        DATABASE_URL=shop_url,
        # With it, the tokens that were made here are good there.
        SECRET_KEY=settings.SECRET_KEY,
        WEB_CONCURRENCY=processes,
        # Nobody reads what it writes before the end, so it should not be much.
        LOG_LEVEL="WARNING",
    ) as server:
        answers = at_once([partial(check_out, server, access) for access in accesses])
        server.terminate()
        server.ended()

    found = Counter((status, body.get("code")) for status, body in answers)
    assert found == {(201, None): PIECES, (409, "not_available"): CUSTOMERS - PIECES}
    sold_out = [{"field": "MUG-01", "message": "This product is sold out."}]
    assert {json.dumps(body["errors"]) for status, body in answers if status == 409} == {
        json.dumps(sold_out)
    }
    numbers = {body["number"] for status, body in answers if status == 201}
    assert len(numbers) == PIECES
    assert set(Order.objects.values_list("number", flat=True)) == numbers
    assert stock_of("MUG-01") == 0
    assert sum(OrderLine.objects.values_list("quantity", flat=True)) == PIECES
    assert StatusChange.objects.count() == PIECES
    assert CartLine.objects.count() == CUSTOMERS - PIECES
    # One confirmation for each order, and none for those that were turned away.
    assert DBTaskResult.objects.count() == PIECES
    assert "Traceback" not in "".join(server.lines)
