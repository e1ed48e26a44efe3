"""The account: its owner sees and changes it, and nobody else does."""

from typing import Any

import pytest
from django.conf import settings as django_settings
from support import PASSWORD, Api, assert_invalid, assert_problem, member

from app.accounts.models import Session, User

pytestmark = pytest.mark.django_db

ACCOUNT = "/api/account"
NEW = "a better battery"


@pytest.fixture
def ada(api: Api) -> Api:
    """Somebody who is signed in."""
    member(name="Ada")
    return api.sign_in("ada@example.com")


def test_everybody_sees_their_own(ada: Api) -> None:
    member("grace@example.com")
    grace = Api().sign_in("grace@example.com")
    seen = [each.get(ACCOUNT).json()["email"] for each in (ada, grace)]
    assert seen == ["ada@example.com", "grace@example.com"]


@pytest.mark.parametrize("name", ["Ada Lovelace", "", " \u00c5da ", "x" * 150])
def test_a_name_can_be_changed(ada: Api, name: str) -> None:
    response = ada.patch(ACCOUNT, {"name": name})
    assert (response.status_code, response.json()["name"]) == (200, name)
    assert ada.get(ACCOUNT).json() == response.json()
    assert ada.is_signed_in()


def test_what_is_left_out_stays(ada: Api) -> None:
    before = ada.get(ACCOUNT).json()
    assert ada.patch(ACCOUNT, {}).json() == before
    assert ada.patch(ACCOUNT, {"email": "x@example.com", "is_staff": True}).json() == before


@pytest.mark.parametrize("name", ["x" * 151, None, 1])
def test_a_name_that_cannot_be_is_refused(ada: Api, name: Any) -> None:
    assert ada.patch(ACCOUNT, {"name": name}).status_code == 400
    assert User.objects.get().name == "Ada"


def change(api: Api, **changed: str) -> Any:
    return api.patch(ACCOUNT, {"password": NEW, "current_password": PASSWORD, **changed})


def test_a_new_password_ends_all_sessions_and_is_the_only_one(ada: Api) -> None:
    phone = Api().sign_in("ada@example.com")
    assert change(ada, name="Ada L.").json()["name"] == "Ada L."
    assert not ada.is_signed_in()
    assert not phone.is_signed_in()
    assert Session.objects.count() == 0
    assert Api().sign_in("ada@example.com", NEW).is_signed_in()
    response = Api().post("/api/auth/login", {"email": "ada@example.com", "password": PASSWORD})
    assert response.status_code == 401


def test_whoever_has_a_token_alone_cannot_change_the_password(ada: Api) -> None:
    assert_invalid(change(ada, current_password="wrong"), ("current_password", "is wrong"))
    response = ada.patch(ACCOUNT, {"password": NEW})
    assert_invalid(response, ("current_password", "is needed to change the password"))
    assert User.objects.get().check_password(PASSWORD)
    assert ada.is_signed_in()


def test_nor_can_they_find_it_out_by_trying(ada: Api) -> None:
    for _ in range(django_settings.LOGIN_RATE.amount):
        change(ada, current_password="wrong")
    assert change(ada).status_code == 429
    assert User.objects.get().check_password(PASSWORD)


def test_a_new_password_that_is_easily_guessed_is_refused(ada: Api) -> None:
    assert_invalid(change(ada, password="password1"), ("password", "This password is too common."))
    assert User.objects.get().check_password(PASSWORD)


def test_a_refused_password_leaves_the_name(ada: Api) -> None:
    assert change(ada, name="Eve", current_password="wrong").status_code == 400
    assert User.objects.get().name == "Ada"


def test_nobody_else_may_look(api: Api) -> None:
    for method in ("GET", "PATCH"):
        response = api.send(method, ACCOUNT, {} if method == "PATCH" else None)
        detail = "Sign in: the header Authorization is missing."
        assert_problem(response, 401, "not_authenticated", detail)
