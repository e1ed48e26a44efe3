"""Queries and headers with impossible values are refused with words that say what is wrong."""

import pytest
from breaking import (
    INTEGER,
    NOT_POSITIVE,
    NUL,
    TOO_MANY_DIGITS,
    answered,
    invalid,
    longest,
)
from httpx2 import AsyncClient
from support import differences
from team import Person, alone
from wording import DAY, PRIORITY, STATUS, TASK_KEY, TOO_GREAT, UNKNOWN

BOOLEAN = "Input should be a valid boolean, unable to interpret input"
TOO_MANY = "Input should be less than or equal to 100"
NEGATIVE = "Input should be greater than or equal to 0"
SORT = (
    "Input should be 'position', 'created', '-created', 'updated', '-updated', 'priority',"
    " '-priority', 'due' or '-due'"
)
MOST_LABELS = "List should have at most 20 items after validation, not 21"
NOT_OF_PROJECT = "is not a task of this project"
TWICE = "is there twice"
ORDER = "Input should be 'oldest' or 'newest'"


@pytest.fixture
async def ada(client: AsyncClient) -> Person:
    """Somebody with a project and a task."""
    return await alone(client, tasks=1)


LISTS = (
    "/projects",
    "/projects/WEB/members",
    "/projects/WEB/invitations",
    "/projects/WEB/tasks",
    "/projects/WEB/activity",
    "/tasks/WEB-1/comments",
    "/tasks/WEB-1/activity",
    "/notifications",
)
LIMITS = {
    "": INTEGER,
    "ten": INTEGER,
    "1.5": INTEGER,
    "%00": INTEGER,
    "0": NOT_POSITIVE,
    "-1": NOT_POSITIVE,
    "101": TOO_MANY,
    str(10**30): TOO_MANY,
    "9" * 5000: TOO_MANY_DIGITS,
}


@pytest.mark.parametrize("path", LISTS)
async def test_a_page_has_a_number_of_rows_from_one_to_a_hundred(ada: Person, path: str) -> None:
    found = {limit: answered(await ada.get(f"{path}?limit={limit}")) for limit in LIMITS}
    expected = {limit: invalid(f"limit: {message}") for limit, message in LIMITS.items()}
    assert differences(found, expected) == {}
    for limit in (1, 100):
        assert (await ada.get(f"{path}?limit={limit}")).status_code == 200


# What is asked for, and what is said of it.
QUERIES = {
    "/projects/WEB/tasks?status=": f"status.0: {STATUS}",
    "/projects/WEB/tasks?status=Done": f"status.0: {STATUS}",
    "/projects/WEB/tasks?status=todo&status=Done": f"status.1: {STATUS}",
    "/projects/WEB/tasks?priority=1": f"priority.0: {PRIORITY}",
    "/projects/WEB/tasks?assignee=%00": f"assignee: {NUL}",
    f"/projects/WEB/tasks?assignee={'x' * 201}": f"assignee: {longest(200)}",
    "/projects/WEB/tasks?author=%00": f"author: {NUL}",
    "/projects/WEB/tasks?label=%00": f"label.0: {NUL}",
    f"/projects/WEB/tasks?label={'x' * 201}": f"label.0: {longest(200)}",
    f"/projects/WEB/tasks?{'label=x&' * 21}": f"label: {MOST_LABELS}",
    "/projects/WEB/tasks?assigned=": f"assigned: {BOOLEAN}",
    "/projects/WEB/tasks?assigned=perhaps": f"assigned: {BOOLEAN}",
    "/projects/WEB/tasks?subtask=2": f"subtask: {BOOLEAN}",
    "/projects/WEB/tasks?parent=": f"parent: {TASK_KEY}",
    "/projects/WEB/tasks?parent=1": f"parent: {TASK_KEY}",
    "/projects/WEB/tasks?parent=WEB-%00": f"parent: {NUL}",
    "/projects/WEB/tasks?parent=WEB-2": f"parent: {NOT_OF_PROJECT}",
    "/projects/WEB/tasks?parent=APP-1": f"parent: {NOT_OF_PROJECT}",
    "/projects/WEB/tasks?due_from=": f"due_from: {DAY}",
    "/projects/WEB/tasks?due_from=0": f"due_from: {DAY}",
    "/projects/WEB/tasks?due_from=20261231": f"due_from: {DAY}",
    "/projects/WEB/tasks?due_from=2026-02-30": f"due_from: {DAY}",
    "/projects/WEB/tasks?due_until=2026-12-31T00:00:00Z": f"due_until: {DAY}",
    f"/projects/WEB/tasks?due_until={'9' * 5000}": f"due_until: {DAY}",
    "/projects/WEB/tasks?q=%00": f"q: {NUL}",
    f"/projects/WEB/tasks?q={'x' * 201}": f"q: {longest(200)}",
    "/projects/WEB/tasks?sort=": f"sort: {SORT}",
    "/projects/WEB/tasks?sort=title": f"sort: {SORT}",
    "/projects/WEB/activity?order=up": f"order: {ORDER}",
    "/projects/WEB/activity?after=": f"after: {INTEGER}",
    "/projects/WEB/activity?after=-1": f"after: {NEGATIVE}",
    f"/projects/WEB/activity?after={2**63}": f"after: {TOO_GREAT}",
    f"/tasks/WEB-1/activity?after={'9' * 5000}": f"after: {TOO_MANY_DIGITS}",
    "/tasks/WEB-1/activity?order=": f"order: {ORDER}",
    "/tasks/WEB-1/comments?render=pdf": "render: Input should be 'none' or 'html'",
    "/tasks/WEB-1/comments/1?render=pdf": "render: Input should be 'none' or 'html'",
    "/notifications?read=": f"read: {BOOLEAN}",
    "/notifications?read=perhaps": f"read: {BOOLEAN}",
    **{f"{path}?page=2": f"page: {UNKNOWN}" for path in LISTS},
    "/projects/WEB/tasks?assigne=ada": f"assigne: {UNKNOWN}",
    **{f"{path}?limit=1&limit=2": f"limit: {TWICE}" for path in LISTS},
    "/tasks/WEB-1/comments/1?render=html&render=none": f"render: {TWICE}",
    "/projects/WEB/tasks?sort=due&sort=created": f"sort: {TWICE}",
    "/projects/WEB/tasks?assignee=ada&assignee=bob": f"assignee: {TWICE}",
}


async def test_a_query_with_impossible_values_is_refused(ada: Person) -> None:
    found = {path: answered(await ada.get(path)) for path in QUERIES}
    expected = {path: invalid(message) for path, message in QUERIES.items()}
    assert differences(found, expected) == {}


EVENTS, EVENT = "/projects/WEB/events", "must be the id of an event"
NO_EVENTS = ("x", "-1", "+1", "1.5", "0x1", "1_0", "1, 2", str(2**63), "9" * 5000)


async def test_the_greatest_numbers_that_are_taken_are_the_end_of_a_history(ada: Person) -> None:
    for path in ("/projects/WEB/activity", "/tasks/WEB-1/activity"):
        page = await ada.get(f"{path}?after={2**63 - 1}")
        assert (page.status_code, page.json()) == (200, {"items": [], "next": None})


async def test_a_stream_goes_on_after_an_event_or_not_at_all(ada: Person) -> None:
    found = {
        sent: answered(await ada.request("GET", EVENTS, headers={"Last-Event-ID": sent}))
        for sent in NO_EVENTS
    }
    assert differences(found, dict.fromkeys(NO_EVENTS, invalid(f"last-event-id: {EVENT}"))) == {}


async def test_bytes_that_are_not_utf8_name_nothing(ada: Person) -> None:
    for name in ("assignee", "author", "label", "q"):
        for text in ("%FF", "%ED%A0%80", "%C0%AF"):
            page = await ada.get(f"/projects/WEB/tasks?{name}={text}")
            assert (page.status_code, page.json()) == (200, {"items": [], "next": None})
