"""Cursors that nobody was given are refused, and never reach the database."""

from base64 import urlsafe_b64encode

import pytest
from breaking import NUL, answered, invalid, longest
from databases import RolledBack
from httpx2 import AsyncClient
from support import differences
from team import Person, team, took

from app.core.pages import LONGEST_CURSOR, write_cursor

NOT_A_CURSOR = "is not a `next` of this list"

LISTS = (
    "/projects",
    "/projects/WEB/members",
    "/projects/WEB/invitations",
    "/projects/WEB/tasks",
    "/tasks/WEB-1/comments",
    "/notifications",
)


def encoded(text: bytes) -> str:
    return urlsafe_b64encode(text).decode().rstrip("=")


# What is sent, and what is said of it; no list has such a place.
CURSORS = {
    "": NOT_A_CURSOR,
    "x": NOT_A_CURSOR,
    "WzFd%3D": NOT_A_CURSOR,
    "WzFd%0A": NOT_A_CURSOR,
    "%FF": NOT_A_CURSOR,
    "%00": NUL,
    "W" * LONGEST_CURSOR: NOT_A_CURSOR,
    "W" * (LONGEST_CURSOR + 1): longest(LONGEST_CURSOR),
    **{
        encoded(text): NOT_A_CURSOR
        for text in (
            b"",
            b"\xff\xfe",
            b"nonsense",
            b"null",
            b"{}",
            b"[]",
            b"[null]",
            b"[true]",
            b"[1.5]",
            b"[NaN]",
            b"[Infinity]",
            b"[1e400]",
            b"[-1]",
            b"[1,1,1,1,1]",
            b"[[1]]",
            b"[" * 370,
            b'["a\\u0000b"]',
            b'["\\ud800"]',
            b"[%d]" % 2**63,
            b"[%d,%d,%d]" % (2**63, 2**63, 2**63),
            b"[%s]" % (b"9" * 360),
        )
    },
}


@pytest.fixture
async def ada(client: AsyncClient, database: RolledBack) -> Person:
    """Somebody for whom each list has two pages of one row."""
    ada, bob = await team(client, database, ada="owner", bob="member")
    await ada.start("API")
    await ada.add()
    await ada.add()
    for number in range(2):
        await bob.comment("WEB-1", "@ada")
        await ada.post("/projects/WEB/invitations", {"email": f"guest{number}@example.com"})
    return ada


@pytest.mark.parametrize("path", LISTS)
async def test_a_cursor_that_nobody_was_given_is_refused(ada: Person, path: str) -> None:
    found = {cursor: answered(await ada.get(f"{path}?cursor={cursor}")) for cursor in CURSORS}
    expected = {cursor: invalid(f"cursor: {message}") for cursor, message in CURSORS.items()}
    assert differences(found, expected) == {}


async def test_a_cursor_of_a_list_of_other_things_is_refused(ada: Person) -> None:
    """Where both are sorted by a number, it is the same to them."""
    kinds = {
        "/projects": "key",
        "/projects/WEB/members": "name",
        "/projects/WEB/invitations": "moment",
        "/projects/WEB/tasks": "place on the board",
        "/tasks/WEB-1/comments": "number",
        "/notifications": "number",
    }
    given = {path: took(await ada.get(path, limit=1), 200)["next"] for path in kinds}
    # A key could be a name.
    named = {("/projects", "/projects/WEB/members")}
    for source, cursor in given.items():
        for path, kind in kinds.items():
            response = await ada.get(path, cursor=cursor)
            if kind == kinds[source] or (source, path) in named:
                assert response.status_code == 200, (source, path)
            else:
                assert answered(response) == invalid(f"cursor: {NOT_A_CURSOR}"), (source, path)


GREATEST = 2**63 - 1


@pytest.mark.parametrize(
    ("sort", "places"),
    [
        ("position", (GREATEST, 1, 1, 1)),
        ("position", (2**31, 1, 1, 1)),
        ("position", (-1, 1, 1, 1)),
        ("priority", (GREATEST, 1)),
        ("-priority", (2**15, 1)),
        ("-priority", (-1, 1)),
    ],
)
async def test_a_number_that_nothing_of_its_kind_has_is_refused(
    ada: Person, sort: str, places: tuple[int, ...]
) -> None:
    response = await ada.get("/projects/WEB/tasks", sort=sort, cursor=write_cursor(*places))
    assert answered(response) == invalid(f"cursor: {NOT_A_CURSOR}")


@pytest.mark.parametrize(
    ("path", "cursor"),
    [
        ("/projects?", write_cursor("ZZZZZZZZZZ")),
        ("/projects/WEB/members?", write_cursor("\U0010ffff" * 100)),
        ("/projects/WEB/invitations?", write_cursor("9000-01-01T00:00:00Z", GREATEST)),
        ("/tasks/WEB-1/comments?", write_cursor(GREATEST)),
        ("/notifications?", write_cursor(1)),
        ("/projects/WEB/tasks?sort=position", write_cursor(3, GREATEST, GREATEST, GREATEST)),
        ("/projects/WEB/tasks?sort=created", write_cursor(GREATEST)),
        ("/projects/WEB/tasks?sort=-created", write_cursor(-GREATEST)),
        ("/projects/WEB/tasks?sort=priority", write_cursor(3, GREATEST)),
        ("/projects/WEB/tasks?sort=-priority", write_cursor(0, -GREATEST)),
        ("/projects/WEB/tasks?sort=updated", write_cursor("9000-01-01T00:00:00Z", GREATEST)),
        ("/projects/WEB/tasks?sort=-updated", write_cursor("1970-01-01T00:00:00Z", -GREATEST)),
        ("/projects/WEB/tasks?sort=due", write_cursor("9999-12-31", GREATEST)),
        ("/projects/WEB/tasks?sort=-due", write_cursor("0001-01-01", -GREATEST)),
    ],
)
async def test_a_place_behind_all_others_has_nothing_behind_it(
    ada: Person, path: str, cursor: str
) -> None:
    page = took(await ada.get(f"{path}&cursor={cursor}"), 200)
    assert (page["items"], page["next"]) == ([], None)
