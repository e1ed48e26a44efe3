"""A shop that runs, with the demo in it, and somebody who looks at it in a real browser.

The variable CHROMIUM names the browser; without it Playwright looks for Google Chrome.
"""

import os
from collections.abc import Iterator

import pytest
from databases import Databases
from isolated_settings import TEST_SERVER
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from processes import run, serving

# Nothing of the machine's own, and no calls to servers of the browser's maker.
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a shop with the demo in it."""
    folder = tmp_path_factory.mktemp("shop")
    with Databases(folder, TEST_SERVER).lent() as url:
        for command in ("migrate", "seed"):
            done = run(command, folder=folder, DATABASE_URL=url)
            assert done.returncode == 0, done.stderr
        with serving(folder, DATABASE_URL=url) as server:
            yield f"http://127.0.0.1:{server.port}"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser."""
    path = os.environ.get("CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, channel=None if path else "chrome", args=ARGUMENTS
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, shop: str) -> Iterator[Page]:
    """A window, in which nothing may go wrong: no error of a script, no file that is missing.

    What the Content-Security-Policy forbids is an error as well.
    """
    context = browser.new_context(base_url=shop, viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    wrong: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            wrong.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    context.close()
    assert wrong == []


@pytest.fixture
def administrator(page: Page) -> Page:
    """The window of somebody who has signed in to the admin."""
    page.goto("/admin/")
    page.get_by_label("E-mail address").fill("administrator@example.com")
    page.get_by_label("Password").fill("demo-password")
    page.get_by_role("button", name="Log in").click()
    assert page.get_by_role("link", name="Dashboard").is_visible()
    return page
