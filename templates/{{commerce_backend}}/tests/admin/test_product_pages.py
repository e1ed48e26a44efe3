"""Products and categories in the admin: lists, forms, and what is done with several at once."""

from typing import Any

import pytest
from django.test import Client
from shop import (
    browser_of,
    category,
    changed,
    join,
    messages_of,
    money,
    product,
    products,
    snapshot,
    statements,
    stock_of,
)

from app.catalogue import services
from app.catalogue.models import Category, Product
from app.core.errors import ConflictError
from app.roles.services import Role

pytestmark = pytest.mark.django_db

LIST, ADD = "/admin/catalogue/product/", "/admin/catalogue/product/add/"
CATEGORIES = "/admin/catalogue/category/"

WHOLE = "__all__"
"""What stands above a form, and not beside a field."""

NEW = {
    "sku": "LAMP-01",
    "name": "Reading lamp",
    "slug": "reading-lamp",
    "description": "Bright.",
    "price_amount": "49.90",
    "price_currency": "EUR",
    "tax_rate": "19",
    "stock": "3",
    "is_active": "on",
}


@pytest.fixture
def browser() -> Client:
    """The browser of a merchandiser."""
    return browser_of(join("mary", Role.MERCHANDISER))


def page(made: Product) -> str:
    return f"{LIST}{made.pk}/change/"


def form(browser: Client, address: str, **fields: Any) -> dict[str, Any]:
    """What a page's form sends if nothing is changed, and what is."""
    shown = browser.get(address).context["adminform"].form
    sent = {}
    for bound in shown:
        value = bound.value()
        if value is not None and value is not False:
            sent[bound.html_name] = "on" if value is True else value
        sent[bound.html_initial_name] = bound.initial if bound.initial is not None else ""
    sent |= fields
    return {name: value for name, value in sent.items() if value is not None}


def errors_of(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200
    return {name: list(found) for name, found in response.context["adminform"].errors.items()}


def rows(response: Any) -> list[str]:
    return [each.sku for each in response.context["cl"].result_list]


def act(browser: Client, action: str, chosen: list[Product], **fields: Any) -> Any:
    """Do something with the products that are ticked."""
    sent = {"action": action, "_selected_action": [each.pk for each in chosen], **fields}
    return browser.post(LIST, sent, follow=True)


def test_the_list_shows_what_a_shopkeeper_looks_for(browser: Client) -> None:
    product("MUG-01", "1234.50 EUR", name="Blue mug", stock=7)
    text = browser.get(LIST).content.decode()
    for shown in ("MUG-01", "Blue mug", "Kitchen", "€1,234.50", ">7<"):
        assert shown in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("level=none", ["NONE"]),
        ("level=low", ["FIVE", "ONE"]),
        ("level=enough", ["SIX"]),
        ("level=nonsense", ["FIVE", "NONE", "ONE", "SIX"]),
        ("is_active__exact=0", ["ONE"]),
        ("q=six", ["SIX"]),
        ("q=description+of+five", ["FIVE"]),
        ("q=nothing", []),
    ],
)
def test_the_list_is_narrowed(browser: Client, query: str, expected: list[str]) -> None:
    product("NONE", stock=0)
    product("ONE", stock=1, is_active=False)
    product("FIVE", stock=5, description="The description of five.")
    product("SIX", stock=6)
    assert rows(browser.get(f"{LIST}?{query}")) == expected


def test_the_list_is_narrowed_by_category(browser: Client) -> None:
    product("MUG-01")
    product("LAMP-01", category=category("Desk"))
    desk = Category.objects.get(slug="desk")
    assert rows(browser.get(f"{LIST}?category__id__exact={desk.pk}")) == ["LAMP-01"]


def test_lists_take_as_many_statements_for_thirty_rows_as_for_one(browser: Client) -> None:
    addresses = (LIST, f"{LIST}?level=enough&q=p", CATEGORIES)
    browser.get(LIST)  # Django looks up the types of content once for each process
    products(1)
    few = [statements(lambda a=address: browser.get(a)) for address in addresses]
    for number in range(1, 30):
        product(f"P-{number:03}", category=category(f"Category {number}"))
    many = [statements(lambda a=address: browser.get(a)) for address in addresses]
    assert few == many
    assert max(many) <= 9


def test_a_product_is_added_as_it_was_written(browser: Client) -> None:
    desk = category("Desk")
    response = browser.post(ADD, {**NEW, "category": desk.pk}, follow=True)
    assert messages_of(response)[0][0] == "success"
    made = Product.objects.get()
    assert (made.sku, made.name, made.slug, made.category) == (
        "LAMP-01",
        "Reading lamp",
        "reading-lamp",
        desk,
    )
    assert (made.price, str(made.tax_rate)) == (money("49.90 EUR"), "19.00")
    assert (made.stock, made.is_active, made.description) == (3, True, "Bright.")


@pytest.mark.parametrize(
    ("fields", "wrong", "message"),
    [
        ({"sku": "lamp-01"}, "sku", "Give a SKU of at most 40 capital letters"),
        ({"sku": ""}, "sku", "This field is required."),
        ({"sku": "MUG-01"}, WHOLE, "There is a product with this SKU already."),
        ({"slug": "mug-01"}, WHOLE, "There is a product with this slug already."),
        ({"price_amount": "0"}, "price_amount", "A price must be above zero."),
        ({"price_amount": "-1"}, "price_amount", "A price must be above zero."),
        ({"price_amount": "1.005"}, "price_amount", "The smallest amount of EUR is 0.01."),
        ({"price_amount": "much"}, "price_amount", "Enter a number."),
        ({"price_amount": "NaN"}, "price_amount", "Enter a number."),
        ({"price_amount": "1e30"}, "price_amount", "Ensure that there are no more than"),
        ({"price_amount": ""}, "price_amount", "This field is required."),
        ({"price_currency": "XYZ"}, "price_currency", "Give the code of a currency"),
        ({"price_currency": ""}, "price_currency", "This field is required."),
        ({"price_currency": "JPY"}, "price_amount", "The smallest amount of JPY is 1."),
        ({"tax_rate": "100"}, "tax_rate", "Ensure"),
        ({"tax_rate": "-1"}, "tax_rate", "Ensure this value is greater than or equal to 0"),
        ({"stock": "-1"}, "stock", "Ensure this value is greater than or equal to 0."),
        ({"stock": "1000001"}, "stock", "Ensure this value is less than or equal to 1000000."),
        ({"name": ""}, "name", "This field is required."),
        ({"name": "a\0b"}, "name", "Null characters are not allowed."),
        ({"category": ""}, "category", "This field is required."),
        ({"category": "999999"}, "category", "Select a valid choice."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(
    browser: Client, fields: dict[str, str], wrong: str, message: str
) -> None:
    product("MUG-01")
    before = snapshot()
    sent = {**NEW, "category": category("Kitchen").pk, **fields}
    found = errors_of(browser.post(ADD, sent))
    assert any(text.startswith(message) for text in found[wrong]), found
    assert snapshot() == before


def test_a_change_changes_what_was_changed(browser: Client) -> None:
    mug = product("MUG-01", "12.50 EUR", stock=7)
    before: dict[str, Any] = dict(Product.objects.filter(pk=mug.pk).values().get())
    response = browser.post(page(mug), form(browser, page(mug), price_amount="13.00"))
    assert response.status_code == 302
    after: dict[str, Any] = dict(Product.objects.filter(pk=mug.pk).values().get())
    assert {name for name in before if before[name] != after[name]} == {
        "price_amount",
        "updated_at",
    }
    mug.refresh_from_db()
    assert mug.price == money("13.00 EUR")


def test_where_nothing_was_changed_nothing_is_written(browser: Client) -> None:
    mug = product("MUG-01")
    before = snapshot()
    assert browser.post(page(mug), form(browser, page(mug))).status_code == 302
    assert changed(before, snapshot()) <= {"django_admin_log"}


def test_sku_currency_and_stock_are_shown_and_cannot_be_written(browser: Client) -> None:
    mug = product("MUG-01", stock=7)
    before = snapshot()
    forged = {"sku": "X-1", "price_currency": "USD", "stock": "500"}
    assert browser.post(page(mug), form(browser, page(mug), **forged)).status_code == 302
    assert changed(before, snapshot()) <= {"django_admin_log"}


def test_a_slug_that_is_taken_is_said_above_the_form(browser: Client) -> None:
    mug = product("MUG-01")
    product("MUG-02")
    found = errors_of(browser.post(page(mug), form(browser, page(mug), slug="mug-02")))
    assert found == {WHOLE: ["There is a product with this slug already."]}


def test_a_price_that_is_none_is_said_beside_the_field(browser: Client) -> None:
    mug = product("MUG-01", "12.50 EUR")
    found = errors_of(browser.post(page(mug), form(browser, page(mug), price_amount="12.505")))
    assert found == {"price_amount": ["The smallest amount of EUR is 0.01."]}


def test_what_the_service_refuses_is_a_message_and_nothing_is_written(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else may have taken the slug between the form's look and the writing."""

    def refuse(*_: Any, **__: Any) -> None:
        raise ConflictError("There is a product with this slug already.")

    mug = product("MUG-01")
    monkeypatch.setattr(services, "product_update", refuse)
    before = snapshot()
    response = browser.post(page(mug), form(browser, page(mug), name="New"), follow=True)
    assert messages_of(response) == [("error", "There is a product with this slug already.")]
    assert snapshot() == before


def test_restocking_adds_the_pieces_to_each(browser: Client) -> None:
    mug, pot = product("MUG-01", stock=7), product("POT-01", stock=0)
    product("LEFT-01", stock=1)
    response = act(browser, "restock", [mug, pot], pieces="12")
    assert messages_of(response) == [("success", "2 restocked with 12 each.")]
    assert [stock_of(sku) for sku in ("MUG-01", "POT-01", "LEFT-01")] == [19, 12, 1]


@pytest.mark.parametrize("pieces", ["", "0", "-1", "many", "1.5", "1000001", None])
def test_restocking_needs_a_number_of_pieces(browser: Client, pieces: str | None) -> None:
    mug = product("MUG-01", stock=7)
    fields = {} if pieces is None else {"pieces": pieces}
    response = act(browser, "restock", [mug], **fields)
    assert messages_of(response) == [("error", "Give the number of pieces, from 1 to 1000000.")]
    assert stock_of("MUG-01") == 7


def test_what_cannot_be_restocked_is_named_and_the_others_are(browser: Client) -> None:
    mug, pot = product("MUG-01", stock=7), product("POT-01", stock=999_999)
    response = act(browser, "restock", [mug, pot], pieces="2")
    assert sorted(messages_of(response)) == [
        (
            "error",
            "Pot-01 (POT-01): There are 999999 of POT-01; a stock is from 0 to 1000000.",
        ),
        ("success", "1 restocked with 2 each."),
    ]
    assert (stock_of("MUG-01"), stock_of("POT-01")) == (9, 999_999)


def test_products_are_taken_off_sale_and_put_on_sale_again(browser: Client) -> None:
    mug, pot = product("MUG-01"), product("POT-01")
    product("LEFT-01")
    off = act(browser, "take_off_sale", [mug, pot])
    assert messages_of(off) == [("success", "2 taken off sale.")]
    active = Product.objects.filter(is_active=True)
    assert [each.sku for each in active] == ["LEFT-01"]
    on = act(browser, "put_on_sale", [mug])
    assert messages_of(on) == [("success", "1 put on sale.")]
    assert {each.sku for each in active.all()} == {"LEFT-01", "MUG-01"}


def test_nobody_deletes_products(browser: Client) -> None:
    mug = product("MUG-01")
    before = snapshot()
    act(browser, "delete_selected", [mug], post="yes")
    assert browser.post(f"{LIST}{mug.pk}/delete/", {"post": "yes"}).status_code == 403
    assert snapshot() == before


def test_whoever_may_only_look_does_nothing(browser: Client) -> None:
    del browser
    mug = product("MUG-01", stock=7)
    support = browser_of(join("sam", Role.SUPPORT))
    before = snapshot()
    for action in ("restock", "take_off_sale", "put_on_sale"):
        sent = {"action": action, "_selected_action": [mug.pk], "pieces": "5"}
        assert support.post(LIST, sent).status_code == 403
    assert support.post(ADD, NEW).status_code == 403
    assert support.post(page(mug), {**NEW, "name": "X"}).status_code == 403
    assert snapshot() == before


def test_categories_are_added_and_renamed(browser: Client) -> None:
    assert browser.post(f"{CATEGORIES}add/", {"name": "Desk", "slug": "desk"}).status_code == 302
    desk = Category.objects.get()
    address = f"{CATEGORIES}{desk.pk}/change/"
    assert browser.post(address, {"name": "Writing", "slug": "desk"}).status_code == 302
    desk.refresh_from_db()
    assert (desk.name, desk.slug) == ("Writing", "desk")


@pytest.mark.parametrize(
    ("fields", "wrong", "message"),
    [
        ({"name": "Kitchen"}, WHOLE, "There is a category with this name already."),
        ({"slug": "kitchen"}, WHOLE, "There is a category with this slug already."),
        ({"slug": "a b"}, "slug", "Enter a valid"),
    ],
)
def test_what_a_category_cannot_be_called_is_said(
    browser: Client, fields: dict[str, str], wrong: str, message: str
) -> None:
    category("Kitchen")
    found = errors_of(browser.post(f"{CATEGORIES}add/", {"name": "X", "slug": "x", **fields}))
    assert [name for name, (text,) in found.items() if text.startswith(message)] == [wrong]
    assert Category.objects.count() == 1


def test_a_category_is_deleted_once_nothing_is_in_it(browser: Client) -> None:
    product("MUG-01", category=category("Kitchen"))
    kitchen, desk = Category.objects.get(), category("Desk")
    for each in (kitchen, desk):
        browser.post(f"{CATEGORIES}{each.pk}/delete/", {"post": "yes"})
    assert list(Category.objects.all()) == [kitchen]


def test_of_several_categories_none_is_deleted_if_something_is_in_one(browser: Client) -> None:
    product("MUG-01", category=category("Kitchen"))
    both = [each.pk for each in (category("Kitchen"), category("Desk"))]
    sent = {"action": "delete_selected", "_selected_action": both, "post": "yes"}
    browser.post(CATEGORIES, sent)
    assert Category.objects.count() == 2
    sent["_selected_action"] = both[1:]
    browser.post(CATEGORIES, sent)
    assert [each.slug for each in Category.objects.all()] == ["kitchen"]


def test_a_product_that_came_into_a_category_at_the_last_moment_keeps_it(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = category("Desk")

    def refuse(_: Category) -> None:
        raise ConflictError("There are products in this category.")

    monkeypatch.setattr(services, "category_delete", refuse)
    response = browser.post(f"{CATEGORIES}{desk.pk}/delete/", {"post": "yes"}, follow=True)
    assert messages_of(response) == [("error", "There are products in this category.")]
    sent = {"action": "delete_selected", "_selected_action": [desk.pk], "post": "yes"}
    response = browser.post(CATEGORIES, sent, follow=True)
    assert messages_of(response) == [("error", "There are products in this category.")]
    assert Category.objects.count() == 1
