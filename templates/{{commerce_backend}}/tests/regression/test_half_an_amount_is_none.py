"""A PATCH with an amount and no currency was answered with 500.

REST framework takes no field for required where the whole request may leave fields out, and that
reached the fields of the price.
"""

import pytest
from shop import join, product, snapshot
from support import assert_invalid

from app.roles.services import Role


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("price", "missing"),
    [
        ({"amount": "13.00"}, ["currency"]),
        ({"currency": "EUR"}, ["amount"]),
        ({}, ["amount", "currency"]),
    ],
)
def test_a_change_cannot_give_half_a_price(price: dict[str, str], missing: list[str]) -> None:
    merchandiser = join("mary", Role.MERCHANDISER)
    product("MUG-01")
    before = snapshot()
    response = merchandiser.patch("/products/mug-01", {"price": price})
    assert_invalid(response, *((f"price.{name}", "This field is required.") for name in missing))
    assert snapshot() == before
