"""Signing in to the admin: by the same passwords and the same throttle as the API."""

from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from support import ADDRESS, PASSWORD, Api, member

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/"


@pytest.fixture
def browser() -> Client:
    """A browser that has visited the page."""
    browser = Client(REMOTE_ADDR=ADDRESS)
    browser.get(LOGIN)
    return browser


def sign_in(browser: Client, email: str = "ada@example.com", password: str = PASSWORD) -> Any:
    return browser.post(LOGIN, {"username": email, "password": password, "next": "/admin/"})


def is_in(browser: Client) -> bool:
    return browser.get("/admin/").status_code == 200


@pytest.mark.parametrize("email", ["ada@example.com", "ADA@example.com"])
def test_staff_get_in(browser: Client, email: str) -> None:
    member(is_staff=True)
    response = sign_in(browser, email)
    assert (response.status_code, response.headers["location"]) == (302, "/admin/")
    assert is_in(browser)


@pytest.mark.parametrize("rights", [{}, {"is_staff": True, "is_active": False}])
def test_others_do_not(browser: Client, rights: Any) -> None:
    member(**rights)
    assert sign_in(browser).status_code == 200
    assert not is_in(browser)


def test_without_its_token_a_form_is_refused() -> None:
    member(is_staff=True)
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict).status_code == 403
    assert not is_in(strict)


def test_tries_in_the_admin_and_in_the_api_count_together(browser: Client, api: Api) -> None:
    member(is_staff=True)
    for _ in range(django_settings.LOGIN_RATE.amount - 1):
        sign_in(browser, password="wrong")
    wrong = {"email": "ada@example.com", "password": "wrong"}
    assert api.post("/api/auth/login", wrong).status_code == 401
    assert "Too many attempts. Try again in" in sign_in(browser).content.decode()
    assert not is_in(browser)
    assert api.post("/api/auth/login", {**wrong, "password": PASSWORD}).status_code == 429


def test_whoever_gets_in_begins_anew(browser: Client) -> None:
    member(is_staff=True)
    for _ in range(2):
        for _ in range(django_settings.LOGIN_RATE.amount - 1):
            sign_in(browser, password="wrong")
        assert sign_in(browser).status_code == 302


def test_a_new_password_ends_sessions_of_the_admin_and_of_the_api(browser: Client) -> None:
    user = member(is_staff=True)
    api = Api().sign_in("ada@example.com")
    sign_in(browser)
    user.set_password("another password")
    user.save()
    assert not is_in(browser)
    assert not api.is_signed_in()


def test_its_cookies_are_out_of_reach_of_scripts_and_other_sites(
    browser: Client, settings: Any
) -> None:
    member(is_staff=True)
    settings.SESSION_COOKIE_SECURE = True
    cookie = sign_in(browser).cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", True)
    assert cookie["max-age"] == ""
