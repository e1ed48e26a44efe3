"""Cursors of lists of tasks: which are good for which sort, and what is refused."""

import pytest
from httpx2 import AsyncClient
from team import Person, alone, assert_refused, took

from app.core.pages import write_cursor
from app.tasks.schemas import Sort

SORTS = [sort.value for sort in Sort]


@pytest.fixture
async def ada(client: AsyncClient) -> Person:
    """Somebody with two tasks."""
    return await alone(client, tasks=2)


# Sorts by the same have places that look the same, either way round.
SORTED_BY = {sort: sort.removeprefix("-") for sort in SORTS}


async def test_a_cursor_of_a_sort_by_something_else_is_refused(ada: Person) -> None:
    found, expected = {}, {}
    for sort in SORTS:
        answer = await ada.get("/projects/WEB/tasks", sort=sort, limit=1)
        cursor = took(answer, 200)["next"]
        for other in SORTS:
            answer = await ada.get("/projects/WEB/tasks", sort=other, limit=1, cursor=cursor)
            found[sort, other] = answer.status_code
            alike = SORTED_BY[sort] == SORTED_BY[other]
            expected[sort, other] = 200 if alike else 422
            if not alike:
                assert_refused(answer, 422, "invalid", cursor="is not a `next` of this list")
    assert found == expected


@pytest.mark.parametrize(
    ("sort", "place"),
    [
        ("created", (1, 2)),
        ("created", ("1",)),
        ("updated", ("2026-01-01T00:00:00", 1)),
        ("updated", ("0001-01-01T00:00:00Z", 1)),
        ("updated", ("9999-12-31T23:59:59Z", 1)),
        ("updated", ("yesterday", 1)),
        ("due", ("2026-02-30", 1)),
        ("due", ("10000-01-01", 1)),
    ],
)
async def test_a_cursor_with_no_place_of_its_sort_is_refused(
    ada: Person, sort: str, place: tuple[int | str, ...]
) -> None:
    answer = await ada.get("/projects/WEB/tasks", sort=sort, cursor=write_cursor(*place))
    assert_refused(answer, 422, "invalid", cursor="is not a `next` of this list")
