"""What several requests do at the same moment, each on a connection of its own."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from support import PASSWORD, Api, Response, member

from app.accounts.models import Session, User

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(number: int, send: Callable[[int], Response]) -> Sequence[Response]:
    """Send requests from threads that begin together."""
    barrier = threading.Barrier(number)

    def one(which: int) -> Response:
        barrier.wait()
        try:
            return send(which)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        return [future.result() for future in [pool.submit(one, each) for each in range(number)]]


def statuses(responses: Sequence[Response]) -> list[int]:
    return sorted(response.status_code for response in responses)


def test_of_several_who_register_one_address_one_gets_it() -> None:
    emails = ["ada@example.com", "Ada@example.com", "ADA@EXAMPLE.COM", "ada@Example.com"]

    def register(which: int) -> Response:
        body = {"email": emails[which], "password": PASSWORD}
        return Api(address=f"192.0.2.{which}").post("/api/auth/register", body)

    responses = at_once(len(emails), register)
    assert statuses(responses) == [201, 409, 409, 409]
    assert User.objects.count() == Session.objects.count() == 1


def test_of_several_uses_of_one_refresh_token_one_gets_new_ones() -> None:
    member()
    ada = Api().sign_in("ada@example.com")
    responses = at_once(6, lambda _: Api().post("/api/auth/refresh", {"refresh": ada.refresh}))
    assert statuses(responses) == [200, *[401] * 5]
    (won,) = [response.json() for response in responses if response.status_code == 200]
    assert Api(access=won["access"]).is_signed_in()
    assert Api().post("/api/auth/refresh", {"refresh": won["refresh"]}).status_code == 200


def test_signing_out_while_renewing_leaves_nobody_signed_in() -> None:
    member()
    paths = ["/api/auth/refresh", "/api/auth/logout"]
    for _ in range(5):
        ada = Api().sign_in("ada@example.com")

        def send(which: int, ada: Api = ada) -> Response:
            return Api().post(paths[which], {"refresh": ada.refresh})

        renewed, ended = at_once(2, send)
        assert ended.status_code == 204
        for token in (ada.access, renewed.json().get("access", "")):
            assert not Api(access=token).is_signed_in()


def test_of_two_new_passwords_one_counts() -> None:
    member()
    ada = Api().sign_in("ada@example.com")
    new = ["the first of two", "the second of two"]

    def change(which: int) -> Response:
        body = {"password": new[which], "current_password": PASSWORD}
        return Api(access=ada.access).patch("/api/account", body)

    responses = at_once(2, change)
    assert statuses(responses) in ([200, 400], [200, 401])
    (won,) = [which for which, response in enumerate(responses) if response.status_code == 200]
    user = User.objects.get()
    assert [user.check_password(each) for each in new] == [won == 0, won == 1]


def test_whoever_signs_in_while_the_password_changes_is_not_left_signed_in() -> None:
    member()
    for number in range(5):
        old, new = f"password number {number}", f"password number {number + 1}"
        user = User.objects.get()
        user.set_password(old)
        user.save()
        ada = Api().sign_in("ada@example.com", old)

        def send(which: int, old: str = old, new: str = new, ada: Api = ada) -> Response:
            if which:
                body = {"password": new, "current_password": old}
                return ada.patch("/api/account", body)
            return Api().post("/api/auth/login", {"email": "ada@example.com", "password": old})

        login, change = at_once(2, send)
        assert change.status_code == 200
        assert not Api(access=login.json().get("access", "")).is_signed_in()
