"""A product's form that had been open wrote back the price that somebody had changed meanwhile.

Django compares what comes with the database, and not with what the form was opened with.
"""

import re

import pytest
from shop import browser_of, join, product, wire

from app.catalogue.models import Product
from app.roles.services import Role

pytestmark = pytest.mark.django_db


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send back of a form, if nobody touched it."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        given = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if given.get("type") != "checkbox" or "checked" in tag:
            found[given.get("name", "")] = given.get("value", "on")
    for name, body in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', page, re.DOTALL):
        if chosen := re.search(r'value="(\w+)" selected', body):
            found[name] = chosen[1]
    for name, body in re.findall(r'<textarea name="(\w+)".*?>(.*?)</textarea>', page, re.DOTALL):
        found[name] = body.strip()
    return found


def test_what_others_changed_meanwhile_stays() -> None:
    mary = join("mary", Role.MERCHANDISER)
    mug = product("MUG-01", "12.50 EUR", stock=7)
    browser = browser_of(join("max", Role.MERCHANDISER))
    address = f"/admin/catalogue/product/{mug.pk}/change/"
    form = fields_of(browser.get(address).content.decode())
    changes = {"price": wire("15.00 EUR"), "is_active": False}
    assert mary.patch("/products/mug-01", changes).status_code == 200
    assert mary.post("/products/mug-01/stock", {"change": 3}).status_code == 200

    sent = {name: value for name, value in form.items() if not name.startswith("_")}
    response = browser.post(address, {**sent, "description": "Sturdy.", "_save": "Save"})

    assert response.status_code == 302, response.content
    now = Product.objects.get()
    assert (now.description, str(now.price_amount), now.is_active, now.stock) == (
        "Sturdy.",
        "15.000",
        False,
        10,
    )
