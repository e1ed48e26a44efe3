"""What tests in a browser need: pictures, and numbers out of pages."""

import os
import re
from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Page


def picture(page: Page, name: str) -> None:
    """Keep a picture of a page in the folder that BROWSER_SCREENSHOTS names, to look at."""
    if folder := os.environ.get("BROWSER_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def number(text: str) -> Decimal:
    """The number in a text such as `€ 1234.50`."""
    return Decimal(re.sub(r"[^0-9.]", "", text))
