"""The pages for people do what they are for, in a real browser."""

from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from browsing import number, picture
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

DAYS = 30


def test_a_wrong_password_is_answered_in_words(page: Page) -> None:
    page.goto("/admin/")
    page.locator("#id_username").fill("administrator@example.com")
    page.locator("#id_password").fill("wrong")
    page.get_by_role("button", name="Log in").click()

    expect(page.locator(".errornote")).to_contain_text("Please enter the correct")
    picture(page, "wrong-password")


def test_the_front_page_leads_to_the_dashboard(administrator: Page) -> None:
    picture(administrator, "index")
    administrator.get_by_role("link", name="Dashboard: sales per day").click()

    expect(administrator).to_have_title("Dashboard | Shop")


def test_the_chart_shows_the_figures_of_the_table(administrator: Page) -> None:
    administrator.goto("/admin/dashboard/")
    picture(administrator, "dashboard")
    bars = administrator.locator("svg.chart rect.bar")
    administrator.get_by_text("The figures as a table").click()
    rows = administrator.locator("#sales tbody tr")
    expect(bars).to_have_count(DAYS)
    expect(rows).to_have_count(DAYS)

    # The newest day is the last bar and the first row.
    sales = [number(text) for text in rows.locator("td:last-child").all_inner_texts()][::-1]
    boxes = [bar.bounding_box() for bar in bars.all()]
    heights = [box["height"] if box else 0 for box in boxes]
    most = max(sales)
    assert most > 0
    tallest = max(heights)
    assert heights == pytest.approx([float(sold / most) * tallest for sold in sales], abs=0.5)
    assert [box["x"] for box in boxes if box] == sorted(box["x"] for box in boxes if box)
    titles = bars.locator("title").all_text_contents()
    assert [number(title.partition(": ")[2].rpartition(",")[0]) for title in titles] == sales
    assert sum(sales) == number(administrator.locator("#sales-total").inner_text())


def test_another_period_has_as_many_bars(administrator: Page) -> None:
    administrator.goto("/admin/dashboard/")
    administrator.get_by_label("Days").select_option("7")
    administrator.get_by_role("button", name="Show").click()

    expect(administrator.locator("svg.chart rect.bar")).to_have_count(7)
    assert parse_qs(urlsplit(administrator.url).query) == {"days": ["7"], "currency": ["EUR"]}


def test_the_dashboard_can_be_read_in_the_dark_too(administrator: Page) -> None:
    administrator.goto("/admin/dashboard/")
    administrator.emulate_media(color_scheme="dark")
    picture(administrator, "dashboard-dark")

    colours = {
        name: administrator.locator(selector).first.evaluate(
            f"element => getComputedStyle(element).{name}"
        )
        for name, selector in (
            ("backgroundColor", "body"),
            ("fill", "svg.chart rect.bar"),
            ("stroke", "svg.chart line.scale"),
        )
    }
    assert len(set(colours.values())) == len(colours)


def test_an_order_is_shipped_from_the_list(administrator: Page) -> None:
    administrator.goto("/admin/orders/order/?status__exact=paid")
    picture(administrator, "orders")
    row = administrator.locator("#result_list tbody tr").first
    order = row.locator(".field-number").inner_text()
    row.locator("input.action-select").check()
    administrator.locator("select[name=action]").select_option(label="Ship")
    administrator.get_by_role("button", name="Go").click()

    expect(administrator.locator(".messagelist .success")).to_have_text("1 shipped.")
    administrator.goto(f"/admin/orders/order/?q={order}")
    administrator.get_by_role("link", name=order).click()
    picture(administrator, "order")
    expect(administrator.locator("fieldset .field-status > div")).to_contain_text("Shipped")
    last = administrator.locator("#changes-group tbody tr.has_original").last
    expect(last).to_contain_text("administrator@example.com")


def test_products_are_restocked_from_the_list(administrator: Page) -> None:
    administrator.goto("/admin/catalogue/product/?level=none")
    picture(administrator, "products")
    row = administrator.locator("#result_list tbody tr").first
    sku = row.locator(".field-sku").inner_text()
    row.locator("input.action-select").check()
    administrator.locator("select[name=action]").select_option(label="Restock: add the pieces")
    administrator.get_by_role("spinbutton", name="Pieces").fill("7")
    administrator.get_by_role("button", name="Go").click()

    expect(administrator.locator(".messagelist .success")).to_have_text("1 restocked with 7 each.")
    administrator.goto(f"/admin/catalogue/product/?q={sku}")
    expect(administrator.locator("#result_list tbody .field-stock")).to_have_text("7")


def test_a_product_is_added_and_its_slug_follows_from_its_name(administrator: Page) -> None:
    administrator.goto("/admin/catalogue/product/add/")
    administrator.get_by_label("SKU").fill("LAMP-01")
    administrator.locator("#id_name").press_sequentially("Reading lamp")
    expect(administrator.locator("#id_slug")).to_have_value("reading-lamp")
    administrator.get_by_label("Category").select_option(label="Desk")
    administrator.get_by_label("Price").fill("49.90")
    administrator.get_by_label("Currency").fill("EUR")
    picture(administrator, "product")
    administrator.get_by_role("button", name="Save", exact=True).click()

    expect(administrator.locator(".messagelist .success")).to_contain_text("Reading lamp (LAMP-01)")
    administrator.goto("/admin/catalogue/product/?q=LAMP-01")
    price = administrator.locator("#result_list tbody .field-price_text").inner_text()
    assert number(price) == Decimal("49.90")


def test_the_documentation_lists_the_operations(page: Page) -> None:
    page.goto("/docs")

    expect(page.locator("#operations-Orders-place_order")).to_be_visible()
    picture(page, "docs")
