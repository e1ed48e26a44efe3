"""The list of products: words, filters, order, parts."""

from datetime import UTC, datetime, timedelta

import pytest
from shop import Person, category, join, product, products, took

from app.catalogue.models import Product
from app.roles.services import Role

pytestmark = pytest.mark.django_db


def scene() -> None:
    """Five products that differ in everything one can ask for."""
    kitchen, desk = category("Kitchen"), category("Desk")
    of_kitchen: dict[str, object] = {"category": kitchen}
    of_desk: dict[str, object] = {"category": desk}
    product("MUG-BL", "12.50 EUR", name="Blue mug", description="For tea.", **of_kitchen)
    product("MUG-GR", "9.00 EUR", name="Green mug", stock=0, **of_kitchen)
    product("POT-01", "34.00 EUR", name="Teapot", description="100% steel", stock=3, **of_kitchen)
    product("PEN-01", "9.00 EUR", name="Tray of pens", description="Blue, and_long", **of_desk)
    product("LAMP-01", "6200 JPY", name="Desk lamp", **of_desk)


# What is asked for, and the SKUs that come, in their order.
CASES = {
    "": ["MUG-BL", "LAMP-01", "MUG-GR", "POT-01", "PEN-01"],
    "q=mug": ["MUG-BL", "MUG-GR"],
    "q=MUG": ["MUG-BL", "MUG-GR"],
    "q=blue": ["MUG-BL", "PEN-01"],
    "q=blue+mug": ["MUG-BL"],
    "q=mug++blue+": ["MUG-BL"],
    "q=tea": ["MUG-BL", "POT-01"],
    "q=pot-01": ["POT-01"],
    "q=100%25": ["POT-01"],
    "q=%25": ["POT-01"],
    "q=_": ["PEN-01"],
    "q=%5C": [],
    "q='": [],
    "q=": ["MUG-BL", "LAMP-01", "MUG-GR", "POT-01", "PEN-01"],
    "q=+": ["MUG-BL", "LAMP-01", "MUG-GR", "POT-01", "PEN-01"],
    "q=unicorn": [],
    "category=desk": ["LAMP-01", "PEN-01"],
    "category=Desk": [],
    "category=nowhere": [],
    "currency=JPY": ["LAMP-01"],
    "currency=jpy": [],
    "min_price=12.50": ["MUG-BL", "LAMP-01", "POT-01"],
    "min_price=12.501": ["LAMP-01", "POT-01"],
    "max_price=12.5": ["MUG-BL", "MUG-GR", "PEN-01"],
    "max_price=12.499": ["MUG-GR", "PEN-01"],
    "currency=EUR&min_price=9&max_price=9": ["MUG-GR", "PEN-01"],
    "min_price=10&max_price=1": [],
    "max_price=99999999999.999": ["MUG-BL", "LAMP-01", "MUG-GR", "POT-01", "PEN-01"],
    "in_stock=true": ["MUG-BL", "LAMP-01", "POT-01", "PEN-01"],
    "in_stock=false": ["MUG-GR"],
    "active=true": ["MUG-BL", "LAMP-01", "MUG-GR", "POT-01", "PEN-01"],
    "active=false": [],
    "category=kitchen&in_stock=true&q=tea&ordering=-price": ["POT-01", "MUG-BL"],
}


def test_each_filter_keeps_what_it_says() -> None:
    scene()
    found = {
        query: [
            each["sku"]
            for each in took(Person().request("GET", f"/products?{query}"), 200)["results"]
        ]
        for query in CASES
    }
    assert found == CASES


@pytest.mark.parametrize(
    ("ordering", "expected"),
    [
        ("name", ["A", "B", "C", "D"]),
        ("-name", ["D", "C", "B", "A"]),
        ("price", ["B", "D", "A", "C"]),
        ("-price", ["C", "A", "B", "D"]),
        ("created", ["D", "C", "B", "A"]),
        ("-created", ["A", "B", "C", "D"]),
    ],
)
def test_a_list_comes_in_the_order_that_is_asked_for(ordering: str, expected: list[str]) -> None:
    prices = {"A": "20.00 EUR", "B": "10.00 EUR", "C": "30.00 EUR", "D": "10.00 EUR"}
    for days, (sku, price) in enumerate(prices.items()):
        made = product(sku, price)
        age = datetime(2026, 1, 1, tzinfo=UTC) - timedelta(days=days)
        Product.objects.filter(pk=made.pk).update(created_at=age)
    assert Person().products(ordering=ordering) == expected


def test_equal_rows_are_ordered_by_when_they_were_made_so_that_parts_fit_together() -> None:
    skus = products(25, name="The same")
    for ordering in ("name", "price"):
        parts = [
            Person().listed("/products", "sku", ordering=ordering, limit=7, offset=offset)
            for offset in range(0, 28, 7)
        ]
        assert [sku for part, _ in parts for sku in part] == skus
        assert {total for _, total in parts} == {25}


def test_a_list_has_twenty_and_a_hundred_at_the_most() -> None:
    skus = products(105)
    found = {
        limit: Person().listed("/products", "sku", **({"limit": limit} if limit else {}))
        for limit in (None, 1, 100, 101, 2**31 - 1)
    }
    assert found == {
        None: (skus[:20], 105),
        1: (skus[:1], 105),
        100: (skus[:100], 105),
        101: (skus[:100], 105),
        2**31 - 1: (skus[:100], 105),
    }


@pytest.mark.parametrize(
    ("offset", "expected"), [(0, [0, 1, 2]), (2, [2]), (3, []), (2**31 - 1, [])]
)
def test_behind_the_end_there_is_nothing(offset: int, expected: list[int]) -> None:
    skus = products(3)
    assert Person().listed("/products", "sku", offset=offset) == (
        [skus[number] for number in expected],
        3,
    )


def test_who_edits_the_catalogue_can_ask_for_what_is_not_for_sale() -> None:
    product("MUG-01")
    product("OLD-01", is_active=False)
    merchandiser = join("mary", Role.MERCHANDISER)
    assert merchandiser.products(active="false") == ["OLD-01"]
    assert merchandiser.products(active="true") == ["MUG-01"]
    assert Person().products(active="false") == []


def test_a_listed_product_is_the_whole_product() -> None:
    product("MUG-01", description="Holds tea.")
    page = took(Person().get("/products"), 200)
    assert page == {"count": 1, "results": [took(Person().get("/products/mug-01"), 200)]}
