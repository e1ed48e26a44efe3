"""Who may open which page of the admin: each page of each model, once for each kind of visitor."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from shop import browser_of, join, product, signed_in, snapshot

from app.accounts.models import User
from app.roles.services import STAFF, Role

pytestmark = pytest.mark.django_db

SUPPORT, MERCHANDISER, ADMINISTRATOR = (role.value for role in STAFF)
SUPERUSER = "superuser"
ORDERS = {SUPPORT, ADMINISTRATOR, SUPERUSER}
CATALOGUE = {MERCHANDISER, ADMINISTRATOR, SUPERUSER}
ACCOUNTS = {ADMINISTRATOR, SUPERUSER}
NOBODY: set[str] = set()

# Which staff may open which page. Orders and products are never deleted, orders never written.
TABLE: dict[str, dict[str, set[str]]] = {
    "catalogue.category": {
        "changelist": CATALOGUE,
        "add": CATALOGUE,
        "change": CATALOGUE,
        "history": CATALOGUE,
        "delete": CATALOGUE,
    },
    "catalogue.product": {
        "changelist": CATALOGUE,
        "add": CATALOGUE,
        "change": CATALOGUE,
        "history": CATALOGUE,
        "delete": NOBODY,
    },
    "orders.order": {
        "changelist": ORDERS,
        "add": NOBODY,
        "change": ORDERS,
        "history": ORDERS,
        "delete": NOBODY,
    },
    "accounts.user": {
        "changelist": ACCOUNTS,
        "add": ACCOUNTS,
        "change": ACCOUNTS,
        "history": ACCOUNTS,
        "delete": {SUPERUSER},
    },
    "auth.group": {
        "changelist": {SUPERUSER},
        "add": {SUPERUSER},
        "change": {SUPERUSER},
        "history": {SUPERUSER},
        "delete": {SUPERUSER},
    },
    # Of the library that keeps the queue.
    "django_tasks_database.dbtaskresult": {
        "changelist": {SUPERUSER},
        "add": NOBODY,
        "change": {SUPERUSER},
        "history": {SUPERUSER},
        "delete": NOBODY,
    },
}


@pytest.fixture
def browsers() -> dict[str, Client]:
    """The staff's browsers; and there is a row of everything to look at."""
    product("MUG-01")
    ada = join("ada")
    ada.pay(ada.buy("MUG-01")["number"])
    browsers = {role.value: browser_of(join(role.value, role)) for role in STAFF}
    root = User.objects.create_superuser("root@example.com", "x")
    return {**browsers, SUPERUSER: browser_of(signed_in(root))}


def address(model: Any, page: str) -> str:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
    if page in {"changelist", "add"}:
        return reverse(name)
    row = model.objects.order_by("pk")
    # An account whose rights all of them have.
    row = row.filter(email="ada@example.com") if model is User else row
    return reverse(name, args=[row[0].pk])


def test_the_table_has_every_model_of_the_admin() -> None:
    registered = {model._meta.label_lower for model in admin.site._registry}
    assert set(TABLE) == registered


def test_a_page_opens_for_who_may_see_it_and_is_refused_to_others(
    browsers: dict[str, Client],
) -> None:
    before = snapshot()
    found: dict[str, dict[str, set[str]]] = {}
    for name, pages in TABLE.items():
        model = apps.get_model(name)
        found[name] = {}
        for page in pages:
            answers = {
                who: browser.get(address(model, page)).status_code
                for who, browser in browsers.items()
            }
            found[name][page] = {who for who, status in answers.items() if status == 200}
            assert set(answers.values()) <= {200, 403}, (name, page, answers)
    assert found == TABLE
    assert snapshot() == before


def test_the_dashboard_is_for_who_may_see_orders(browsers: dict[str, Client]) -> None:
    answers = {
        who: browser.get("/admin/dashboard/").status_code for who, browser in browsers.items()
    }
    assert answers == {who: 200 if who in ORDERS else 403 for who in browsers}
    front = {who: browser.get("/admin/").content.decode() for who, browser in browsers.items()}
    assert {who for who, page in front.items() if "/admin/dashboard/" in page} == ORDERS


@pytest.mark.parametrize("is_customer", [True, False])
def test_whoever_is_not_on_the_staff_is_asked_to_sign_in(is_customer: bool) -> None:
    product("MUG-01")
    ada = join("ada")
    ada.buy("MUG-01")
    browser = browser_of(ada) if is_customer else Client()
    pages = [address(apps.get_model(name), page) for name in TABLE for page in TABLE[name]]
    for page in ("/admin/", "/admin/dashboard/", *pages):
        response = browser.get(page)
        assert (response.status_code, response.headers["location"]) == (
            302,
            f"/admin/login/?next={page}",
        )


def test_a_role_that_is_taken_back_ends_with_the_next_click(browsers: dict[str, Client]) -> None:
    support = User.objects.get(email="support@example.com")
    assert browsers[SUPPORT].get("/admin/orders/order/").status_code == 200
    support.groups.clear()
    assert browsers[SUPPORT].get("/admin/orders/order/").status_code == 403
    support.is_staff = False
    support.save()
    assert browsers[SUPPORT].get("/admin/").status_code == 302
    assert Role.SUPPORT.value == SUPPORT
