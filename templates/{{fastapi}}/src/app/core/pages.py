"""Pagination: a part of a list, of bounded size."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Query

_INT32 = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is wanted."""

    limit: int
    offset: int


def page_of(default: int, longest: int) -> Callable[..., Page]:
    """Make a dependency that reads `limit` and `offset`.

    Args:
        default: How many items a client gets that does not say.
        longest: The most items in one answer, however many were asked for.
    """

    def page(
        limit: Annotated[
            int, Query(ge=1, le=_INT32, description=f"How many to return; {longest} at the most.")
        ] = default,
        offset: Annotated[int, Query(ge=0, le=_INT32, description="How many to skip.")] = 0,
    ) -> Page:
        return Page(min(limit, longest), offset)

    return page
