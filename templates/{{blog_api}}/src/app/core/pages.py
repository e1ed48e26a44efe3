"""Pagination: a part of a list, of bounded size."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, Field

INT32 = 2**31 - 1


class Page(BaseModel):
    """Which part of a list is wanted, and a parent for the query parameters of lists.

    Attributes:
        longest: The most items in one answer, however many were asked for.
    """

    longest: ClassVar[int] = 100

    limit: Annotated[
        int, Field(ge=1, le=INT32, description="How many to return; 100 at the most.")
    ] = 20
    offset: Annotated[int, Field(ge=0, le=INT32, description="How many to skip.")] = 0

    @property
    def size(self) -> int:
        """How many items are returned at the most."""
        return min(self.limit, self.longest)
