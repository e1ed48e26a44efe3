"""Signing in: who may, what others are told, and how often they may try."""

from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.hashers import MD5PasswordHasher
from rest_framework.request import Request
from support import PASSWORD, Api, assert_problem, member

from app.accounts.models import Session, User

pytestmark = pytest.mark.django_db

LOGIN = "/api/auth/login"
WRONG = "The e-mail address or the password is wrong."


def login(api: Api, email: str = "ada@example.com", password: str = PASSWORD) -> Any:
    return api.post(LOGIN, {"email": email, "password": password})


def assert_refused(response: Any) -> None:
    assert_problem(response, 401, "wrong_credentials", WRONG)
    assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("email", ["ada@example.com", "ADA@example.com", " ada@example.com "])
def test_whoever_knows_the_password_gets_tokens(api: Api, email: str) -> None:
    user = member()
    response = login(api, email)
    body = response.json()
    assert response.status_code == 200
    assert body["user"]["id"] == str(user.pk)
    assert Api(access=body["access"]).get("/api/account").json() == body["user"]
    user.refresh_from_db()
    assert user.last_login is not None


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD.upper(), f"{PASSWORD} ", "x" * 1000])
def test_another_password_is_refused(api: Api, password: str) -> None:
    member()
    response = login(api, password=password)
    assert response.status_code == (401 if password else 400)
    assert Session.objects.count() == 0


def test_unknown_deactivated_and_without_a_password_look_like_a_wrong_one(api: Api) -> None:
    member("gone@example.com", is_active=False)
    User.objects.create_user("none@example.com", None)
    for email in ("unknown@example.com", "gone@example.com", "none@example.com", "no address"):
        assert_refused(login(api, email))
    assert Session.objects.count() == 0


def test_each_refusal_costs_one_hash(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    member()
    member("gone@example.com", is_active=False)
    User.objects.create_user("none@example.com", None)
    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    for email in ("ada@example.com", "unknown@example.com", "gone@example.com", "none@example.com"):
        hashed.clear()
        assert_refused(login(api, email, "wrong"))
        assert len(hashed) == 1, email


def test_after_too_many_tries_the_password_is_not_looked_at(api: Api) -> None:
    member()
    for _ in range(django_settings.LOGIN_RATE.amount):
        assert_refused(login(api, password="wrong"))
    response = login(api)
    assert (response.status_code, response.json()["code"]) == (429, "too_many_requests")
    assert 0 < int(response.headers["retry-after"]) <= 60
    # Neither another address nor another account is kept out.
    assert login(Api(address="198.51.100.1")).status_code == 200
    member("grace@example.com")
    assert login(api, "grace@example.com").status_code == 200


def test_however_the_address_is_written_it_is_one_account(api: Api) -> None:
    for number in range(django_settings.LOGIN_RATE.amount):
        login(api, "Ada@example.com" if number % 2 else " ada@EXAMPLE.com")
    assert login(api).status_code == 429


def test_whoever_knows_the_password_begins_anew(api: Api) -> None:
    member()
    for _ in range(3):
        for _ in range(django_settings.LOGIN_RATE.amount - 1):
            login(api, password="wrong")
        assert login(api).status_code == 200


def test_one_address_cannot_try_any_number_of_accounts(api: Api) -> None:
    codes = {
        login(api, f"{number}@example.com").status_code
        for number in range(django_settings.LOGIN_RATE.amount * 10)
    }
    assert codes == {401}
    assert login(api, "one-more@example.com").status_code == 429


def test_behind_a_proxy_the_client_counts_and_not_the_proxy(settings: Any) -> None:
    settings.FORWARDED_ALLOW_IPS = "10.0.0.1"
    proxied = Api(address="10.0.0.1")
    body = {"email": "ada@example.com", "password": "wrong"}
    for _ in range(django_settings.LOGIN_RATE.amount + 1):
        one = proxied.send("POST", LOGIN, body, headers={"X-Forwarded-For": "203.0.113.1"})
    other = proxied.send("POST", LOGIN, body, headers={"X-Forwarded-For": "203.0.113.2"})
    lying = proxied.send(
        "POST", LOGIN, body, headers={"X-Forwarded-For": "203.0.113.3, 203.0.113.1"}
    )
    assert [each.status_code for each in (one, other, lying)] == [429, 401, 429]


def test_hooks_are_called_with_the_request_and_the_user(
    api: Api, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    seen: list[tuple[str, User]] = []

    def remember(request: Request, user: User) -> None:
        seen.append((request.headers["X-Cart-Token"], user))

    monkeypatch.setattr("support.on_sign_in", remember, raising=False)
    settings.ON_SIGN_IN = ["support.on_sign_in"]
    user = member()
    body = {"email": "ada@example.com", "password": PASSWORD}
    assert api.send("POST", LOGIN, body, headers={"X-Cart-Token": "t-1"}).status_code == 200
    assert seen == [("t-1", user)]


def test_old_sessions_are_cleared_away_and_others_stay(api: Api) -> None:
    user = member()
    for _ in range(2):
        login(api)
    old = Session.objects.filter(user=user).first()
    assert old
    Session.objects.filter(pk=old.pk).update(expires_at=old.created_at)
    login(api)
    assert Session.objects.count() == 2
    assert not Session.objects.filter(pk=old.pk).exists()
