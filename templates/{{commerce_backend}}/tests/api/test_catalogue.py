"""Categories and products: reading one, making, changing, and who sees what is not for sale."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils.timezone import now
from shop import Person, category, join, money, product, sizes, snapshot, stock_of, took, wire
from support import assert_problem

from app.catalogue.models import Product
from app.roles.services import Role

pytestmark = pytest.mark.django_db

MUG = {
    "sku": "MUG-BL-001",
    "name": "Blue mug",
    "slug": "blue-mug",
    "category": "kitchen",
    "price": wire("12.50 EUR"),
    "description": "  Holds tea.\n",
    "tax_rate": "19",
    "stock": 12,
    "is_active": True,
}
NO_PRODUCT = (404, "product_not_found", "There is no such product.")
NO_CATEGORY = (404, "category_not_found", "There is no such category.")


@pytest.fixture
def merchandiser() -> Person:
    return join("mary", Role.MERCHANDISER)


def is_now(text: str) -> bool:
    return abs(now() - datetime.fromisoformat(text)) < timedelta(minutes=5)


def test_a_category_comes_back_as_it_was_made(merchandiser: Person) -> None:
    made = {"slug": "kitchen", "name": "Kitchen & co."}
    assert took(merchandiser.post("/categories", made), 201) == made
    assert took(Person().get("/categories/kitchen"), 200) == made


def test_categories_come_by_name(merchandiser: Person) -> None:
    for name in ("Travel", "Desk", "Kitchen"):
        category(name)
    expected = [{"slug": name.lower(), "name": name} for name in ("Desk", "Kitchen", "Travel")]
    for person in (Person(), merchandiser):
        assert took(person.get("/categories"), 200) == {"count": 3, "results": expected}


def test_a_category_is_changed_in_what_is_named(merchandiser: Person) -> None:
    category("Kitchen")
    changed = took(merchandiser.patch("/categories/kitchen", {"name": "Cooking"}), 200)
    assert changed == {"slug": "kitchen", "name": "Cooking"}
    changed = took(merchandiser.patch("/categories/kitchen", {"slug": "cooking"}), 200)
    assert changed == {"slug": "cooking", "name": "Cooking"}
    assert took(Person().get("/categories/cooking"), 200) == changed
    assert_problem(Person().get("/categories/kitchen"), *NO_CATEGORY)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"name": "Kitchen", "slug": "other"}, "There is a category with this name already."),
        ({"name": "Other", "slug": "kitchen"}, "There is a category with this slug already."),
    ],
)
def test_a_category_that_is_there_is_not_made_again(
    merchandiser: Person, body: dict[str, str], message: str
) -> None:
    category("Kitchen")
    category("Desk")
    before = snapshot()
    assert_problem(merchandiser.post("/categories", body), 409, "taken", message)
    taken = {name: value for name, value in body.items() if value.lower() == "kitchen"}
    assert_problem(merchandiser.patch("/categories/desk", taken), 409, "taken", message)
    assert snapshot() == before


def test_a_category_is_deleted_once_nothing_is_in_it(merchandiser: Person) -> None:
    product("MUG-01", category=category("Kitchen"))
    category("Desk")
    before = snapshot()
    assert_problem(
        merchandiser.delete("/categories/kitchen"),
        409,
        "category_in_use",
        "There are products in this category. Move them to another one first.",
    )
    assert snapshot() == before
    took(merchandiser.patch("/products/mug-01", {"category": "desk"}), 200)
    assert merchandiser.delete("/categories/kitchen").status_code == 204
    assert_problem(merchandiser.delete("/categories/kitchen"), *NO_CATEGORY)
    assert Person().listed("/categories", "slug") == (["desk"], 1)


def test_a_product_comes_back_as_it_was_made(merchandiser: Person) -> None:
    category("Kitchen")
    made = took(merchandiser.post("/products", MUG), 201)
    assert is_now(made["created_at"])
    assert is_now(made["updated_at"])
    times = {name: made[name] for name in ("created_at", "updated_at")}
    assert made == {
        **MUG,
        "category": {"slug": "kitchen", "name": "Kitchen"},
        "tax_rate": "19.00",
        **times,
    }
    assert took(Person().get("/products/blue-mug"), 200) == made


def test_what_is_not_said_of_a_product_is_nothing_and_for_sale(merchandiser: Person) -> None:
    category("Kitchen")
    needed = {name: MUG[name] for name in ("sku", "name", "slug", "category", "price")}
    made = took(merchandiser.post("/products", needed), 201)
    assert {name: made[name] for name in ("description", "tax_rate", "stock", "is_active")} == {
        "description": "",
        "tax_rate": "0.00",
        "stock": 0,
        "is_active": True,
    }


@pytest.mark.parametrize("price", ["1200 JPY", "1.500 KWD", "99999999999.99 EUR", "0.01 EUR"])
def test_a_price_keeps_each_digit(merchandiser: Person, price: str) -> None:
    category("Kitchen")
    took(merchandiser.post("/products", {**MUG, "price": wire(price)}), 201)
    assert took(Person().get("/products/blue-mug"), 200)["price"] == wire(price)
    assert Product.objects.get().price == money(price)


def test_a_change_changes_what_it_names_and_nothing_else(
    merchandiser: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    category("Kitchen")
    category("Desk")
    expected = took(merchandiser.post("/products", MUG), 201)
    later = datetime(2030, 1, 1, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    changes: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"name": "Bluer mug"}, {}),
        ({"description": ""}, {}),
        ({"price": wire("0.99 EUR")}, {}),
        ({"tax_rate": "7.5"}, {"tax_rate": "7.50"}),
        ({"category": "desk"}, {"category": {"slug": "desk", "name": "Desk"}}),
        ({"is_active": False}, {}),
        ({"is_active": True, "slug": "bluer-mug"}, {}),
    ]
    expected["updated_at"] = "2030-01-01T00:00:00Z"
    for change, shown in changes:
        slug = expected["slug"]
        expected |= {**change, **shown}
        assert took(merchandiser.patch(f"/products/{slug}", change), 200) == expected
    assert took(Person().get("/products/bluer-mug"), 200) == expected
    assert_problem(Person().get("/products/blue-mug"), *NO_PRODUCT)


def test_sku_and_stock_are_nothing_that_a_change_changes(merchandiser: Person) -> None:
    product("MUG-01", stock=5)
    before = snapshot()
    took(merchandiser.patch("/products/mug-01", {"sku": "MUG-02", "stock": 500}), 200)
    assert snapshot() == before


def test_nothing_is_changed_by_an_empty_change(merchandiser: Person) -> None:
    product("MUG-01")
    before = snapshot()
    shown = took(Person().get("/products/mug-01"), 200)
    assert took(merchandiser.patch("/products/mug-01", {}), 200) == shown
    assert snapshot() == before


@pytest.mark.parametrize(
    ("name", "other", "message"),
    [
        ("slug", "sku", "There is a product with this SKU already."),
        ("sku", "slug", "There is a product with this slug already."),
    ],
)
def test_sku_and_slug_belong_to_one_product(
    merchandiser: Person, name: str, other: str, message: str
) -> None:
    category("Kitchen")
    took(merchandiser.post("/products", MUG), 201)
    before = snapshot()
    new = {**MUG, name: {"sku": "MUG-02", "slug": "mug-2"}[name]}
    assert new[other] == MUG[other]
    assert_problem(merchandiser.post("/products", new), 409, "taken", message)
    assert snapshot() == before


def test_a_slug_cannot_be_changed_to_another_products(merchandiser: Person) -> None:
    product("MUG-01")
    product("MUG-02")
    before = snapshot()
    assert_problem(
        merchandiser.patch("/products/mug-01", {"slug": "mug-02", "name": "New"}),
        409,
        "taken",
        "There is a product with this slug already.",
    )
    assert snapshot() == before


def test_a_products_currency_stays(merchandiser: Person) -> None:
    product("MUG-01", "12.50 EUR")
    before = snapshot()
    assert_problem(
        merchandiser.patch("/products/mug-01", {"price": wire("12.50 USD"), "name": "New"}),
        422,
        "currency_stays",
        "A product's currency stays: give the price in EUR, or make another product.",
    )
    assert snapshot() == before


def test_a_product_needs_a_category_that_is_there(merchandiser: Person) -> None:
    product("MUG-01")
    before = snapshot()
    missing = (422, "category_not_found", "There is no such category. Make it first.")
    assert_problem(merchandiser.post("/products", {**MUG, "category": "desk"}), *missing)
    assert_problem(merchandiser.patch("/products/mug-01", {"category": "desk"}), *missing)
    assert snapshot() == before


def test_stock_is_changed_by_adding(merchandiser: Person) -> None:
    product("MUG-01", stock=5)
    for change, stock in ((10, 15), (-3, 12), (0, 12), (-12, 0), (1_000_000, 1_000_000)):
        answer = took(merchandiser.post("/products/mug-01/stock", {"change": change}), 200)
        assert answer["stock"] == stock == stock_of("MUG-01")
        assert answer["sku"] == "MUG-01"


@pytest.mark.parametrize("change", [-6, 999_996, -1_000_000])
def test_a_stock_has_limits(merchandiser: Person, change: int) -> None:
    product("MUG-01", stock=5)
    before = snapshot()
    assert_problem(
        merchandiser.post("/products/mug-01/stock", {"change": change}),
        409,
        "stock_out_of_range",
        "There are 5 of MUG-01; a stock is from 0 to 1000000.",
    )
    assert snapshot() == before


def test_what_is_not_for_sale_is_seen_by_who_edits_the_catalogue_alone() -> None:
    product("MUG-01")
    product("SECRET-01", is_active=False)
    people = {
        "nobody": Person(),
        "customer": join("ada"),
        "support": join("sam", Role.SUPPORT),
        "merchandiser": join("mary", Role.MERCHANDISER),
        "administrator": join("anna", Role.ADMINISTRATOR),
    }
    seen = {
        name: (person.get("/products/secret-01").status_code, person.products())
        for name, person in people.items()
    }
    hidden, shown = (404, ["MUG-01"]), (200, ["MUG-01", "SECRET-01"])
    assert seen == {
        "nobody": hidden,
        "customer": hidden,
        "support": hidden,
        "merchandiser": shown,
        "administrator": shown,
    }
    assert_problem(Person().get("/products/secret-01"), *NO_PRODUCT)


def test_a_right_without_being_staff_shows_nothing_more() -> None:
    former = join("mary", Role.MERCHANDISER)
    assert former.user
    former.user.is_staff = False
    former.user.save()
    product("SECRET-01", is_active=False)
    assert former.products() == []


def test_products_and_carts_of_a_category_that_was_renamed_stay(merchandiser: Person) -> None:
    product("MUG-01")
    before = sizes(snapshot())
    took(merchandiser.patch("/categories/kitchen", {"slug": "cooking", "name": "Cooking"}), 200)
    assert sizes(snapshot()) == before
    shown = took(Person().get("/products/mug-01"), 200)
    assert shown["category"] == {"slug": "cooking", "name": "Cooking"}
