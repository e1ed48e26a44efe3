"""Pagination by a cursor: the next page begins after the last row of this one.

So it stays right while rows are being added: none is shown twice, and none is skipped. A page that
begins at a number of rows would shift with each row that comes before it.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import GenericAlias
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import to_json
from sqlalchemy import Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from app.core.errors import FieldProblem
from app.core.text import TextRule
from app.core.validation import invalid_fields

Item = TypeVar("Item")
Selected = TypeVar("Selected", bound=Select[*tuple[Any, ...]])
Column = InstrumentedAttribute[Any]

LONGEST = 100
"""The most rows of a page."""

Limit = Annotated[
    int, Field(ge=1, le=LONGEST, description=f"How many to return; {LONGEST} at the most.")
]
NOT_A_CURSOR = "is not a `next` of this list"
# Unicode has letters of which `name_key` makes eighteen, so a name may be that long.
LONGEST_CURSOR = 3000

# Years that both databases and all time zones have.
PlaceInTime = Annotated[
    AwareDatetime, Field(ge=datetime(1970, 1, 1, tzinfo=UTC), le=datetime(9000, 1, 1, tzinfo=UTC))
]
"""A moment that a list is sorted by, as a cursor may have it."""

Cursor = Annotated[
    str,
    Field(
        max_length=LONGEST_CURSOR, description="Where the page begins: `next` of the page before."
    ),
    TextRule(r"^[A-Za-z0-9_-]+$", NOT_A_CURSOR),
]


class PageQuery(BaseModel):
    """Which part of a list is wanted. What else is asked for may be something written wrong."""

    model_config = ConfigDict(extra="forbid")

    limit: Limit = 50
    cursor: Cursor | None = None


class EachOnce:
    """A dependency that refuses parameters which stand in a query more than once.

    Else the last one would count, and the others would be forgotten.

    Args:
        *but: Those that may.
    """

    def __init__(self, *but: str) -> None:
        self._but = frozenset(but)

    async def __call__(self, request: Request) -> None:
        """Look at a request.

        Raises:
            InvalidError: There are some.
        """
        counted = Counter(name for name, _ in request.query_params.multi_items())
        again = [name for name in counted if counted[name] > 1 and name not in self._but]
        if again:
            raise invalid_fields(*(FieldProblem(name, "is there twice") for name in again))


ONE_OF_EACH = Depends(EachOnce())
"""For the `dependencies` of a list none of whose parameters may be repeated."""


class Page(BaseModel, Generic[Item]):
    """A part of a list."""

    items: list[Item]
    next: str | None = Field(description="The `cursor` of the next page; null if this is the last.")


def part_of(
    query: Selected, wanted: PageQuery, *sorted_by: tuple[Column, Any], down: bool = False
) -> Selected:
    """Select the part of a list that is wanted, and one row more, which tells if there is more.

    Args:
        query: Selects the list.
        wanted: Which part.
        *sorted_by: The columns that the list is sorted by, each with the type of its values as a
            cursor may have them. No two rows have the same in all of them.
        down: Whether the greatest comes first.
    """
    columns, kinds = zip(*sorted_by, strict=True)
    if wanted.cursor is not None:
        here, place = tuple_(*columns), tuple(read_cursor(wanted.cursor, kinds))
        query = query.where(here < place if down else here > place)
    order = [column.desc() if down else column for column in columns]
    return query.order_by(*order).limit(wanted.limit + 1)


def write_cursor(*values: Any) -> str:
    """Write the place of a row in its list.

    Args:
        *values: What the list is sorted by, and what tells rows apart that are the same in that.
    """
    return urlsafe_b64encode(to_json(values)).decode().rstrip("=")


def read_cursor(cursor: str, kinds: Sequence[Any]) -> Sequence[Any]:
    """Read the place that a cursor says.

    Args:
        cursor: What a client sent.
        kinds: The types of the values; they must not allow what the database does not take.

    Raises:
        InvalidError: It is none of ours, or one of another list.
    """
    adapter: TypeAdapter[Any] = TypeAdapter(GenericAlias(tuple, tuple(kinds)))  # type: ignore[arg-type]
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        values: Sequence[Any] = adapter.validate_json(text, strict=True)
    except (binascii.Error, ValidationError):
        raise invalid_fields(FieldProblem("cursor", NOT_A_CURSOR)) from None
    return values


def page_of(
    rows: Sequence[Any],
    limit: int,
    view: Callable[[Any], Item],
    place: Callable[[Any], Sequence[Any]],
) -> Page[Item]:
    """Make a page of what a query found.

    Args:
        rows: What it found, one row more than is wanted if there is one.
        limit: How many are wanted.
        view: Makes what is shown of a row.
        place: Tells a row's place in the list.
    """
    shown = rows[:limit]
    more = len(rows) > limit
    return Page(
        items=[view(row) for row in shown], next=write_cursor(*place(shown[-1])) if more else None
    )
