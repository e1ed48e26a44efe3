"""Registration: an account, and somebody who is signed in to it."""

from typing import Any

import pytest
from django.conf import settings as django_settings
from rest_framework.request import Request
from support import PASSWORD, Api, assert_invalid, assert_problem, member

from app.accounts.models import Session, User
from app.core.errors import ConflictError

pytestmark = pytest.mark.django_db

REGISTER = "/api/auth/register"
ADA = {"email": "ada@example.com", "password": PASSWORD}
TAKEN = "There is an account with this e-mail address already. Sign in instead."


def test_whoever_registers_is_signed_in(api: Api) -> None:
    response = api.post(REGISTER, {**ADA, "email": "Ada@Example.com"})
    assert response.status_code == 201
    body = response.json()
    user = User.objects.get()
    assert body.keys() == {"access", "refresh", "user"}
    assert body["user"] == {
        "id": str(user.pk),
        "email": "ada@example.com",
        "name": "",
        "is_staff": False,
        "date_joined": user.date_joined.isoformat().replace("+00:00", "Z"),
    }
    assert Api(access=body["access"]).get("/api/account").json() == body["user"]
    assert (user.is_active, user.is_staff, user.is_superuser) == (True, False, False)
    assert user.last_login is not None


def test_the_password_is_hashed(api: Api) -> None:
    api.post(REGISTER, ADA)
    user = User.objects.get()
    assert PASSWORD not in user.password
    assert user.check_password(PASSWORD)


def test_rights_cannot_be_asked_for(api: Api) -> None:
    wanted = {"is_staff": True, "is_superuser": True, "is_active": False, "groups": [1], "id": "1"}
    assert api.post(REGISTER, {**ADA, **wanted}).status_code == 201
    user = User.objects.get()
    assert (user.is_active, user.is_staff, user.is_superuser) == (True, False, False)


@pytest.mark.parametrize("email", ["ada@example.com", "ADA@EXAMPLE.COM", " Ada@example.com "])
def test_an_address_is_taken_however_it_is_written(api: Api, email: str) -> None:
    member("Ada@Example.com")
    assert_problem(api.post(REGISTER, {**ADA, "email": email}), 409, "email_taken", TAKEN)
    assert User.objects.count() == 1
    assert Session.objects.count() == 0


@pytest.mark.parametrize(
    "email", ["", "ada", "ada@", "@example.com", "a b@example.com", "ada@example", "a@b..com"]
)
def test_what_is_no_address_is_refused(api: Api, email: str) -> None:
    response = api.post(REGISTER, {**ADA, "email": email})
    assert response.status_code == 400
    assert [problem["field"] for problem in response.json()["errors"]] == ["email"]
    assert User.objects.count() == 0


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("k4!x", "Ensure this field has at least 8 characters."),
        ("k4!x" * 33, "Ensure this field has no more than 128 characters."),
        ("password1", "This password is too common."),
        ("9376248261", "This password is entirely numeric."),
        ("ada@example.co", "The password is too similar to the e-mail address."),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(
    api: Api, password: str, message: str
) -> None:
    assert_invalid(api.post(REGISTER, {**ADA, "password": password}), ("password", message))
    assert User.objects.count() == 0


@pytest.mark.parametrize("password", ["  spaces around  ", "пароль-длинный", "🔑🔑🔑🔑🔑🔑🔑🔑"])
def test_a_password_is_taken_as_it_is(api: Api, password: str) -> None:
    assert api.post(REGISTER, {**ADA, "password": password}).status_code == 201
    assert User.objects.get().check_password(password)


def refuse(_request: Request, _user: User) -> None:
    raise ConflictError("Not today.", code="not_today")


def test_what_a_hook_refuses_has_not_happened(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.accounts.services.signed_in", refuse)
    assert_problem(api.post(REGISTER, ADA), 409, "not_today", "Not today.")
    assert User.objects.count() == Session.objects.count() == 0


def test_trying_addresses_one_after_the_other_is_throttled(api: Api) -> None:
    often = django_settings.LOGIN_RATE.amount
    for number in range(often):
        api.post(REGISTER, {**ADA, "email": f"{number}@example.com"})
    response = api.post(REGISTER, ADA)
    assert response.status_code == 429
    assert int(response.headers["retry-after"]) > 0
    assert response.json()["code"] == "too_many_requests"
    assert Api(address="198.51.100.1").post(REGISTER, ADA).status_code == 201


def test_what_is_malformed_does_not_count(api: Api) -> None:
    for _ in range(django_settings.LOGIN_RATE.amount + 1):
        assert api.post(REGISTER, {}).status_code == 400
    assert api.post(REGISTER, ADA).status_code == 201


def test_registering_takes_as_many_statements_whatever_is_there(
    api: Api, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        member(f"{number}@example.com")
    with django_assert_max_num_queries(12):
        api.post(REGISTER, ADA)
