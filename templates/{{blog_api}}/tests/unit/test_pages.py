"""Parts of lists."""

from typing import Any

import pytest
from pydantic import ValidationError

from app.core.pages import Page


@pytest.mark.parametrize(
    ("asked", "size", "offset"),
    [
        ({}, 20, 0),
        ({"limit": 1, "offset": 5}, 1, 5),
        ({"limit": 100}, 100, 0),
        ({"limit": 101}, 100, 0),
        ({"limit": 2**31 - 1, "offset": 2**31 - 1}, 100, 2**31 - 1),
    ],
)
def test_a_part_has_a_bounded_size(asked: dict[str, int], size: int, offset: int) -> None:
    page = Page(**asked)
    assert (page.size, page.offset) == (size, offset)


@pytest.mark.parametrize(
    "asked", [{"limit": 0}, {"limit": -1}, {"limit": 2**31}, {"offset": -1}, {"offset": 2**31}]
)
def test_what_no_database_takes_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Page(**asked)
