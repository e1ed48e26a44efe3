"""If-Match: nobody overwrites what they have not seen, by any route that changes a task."""

from collections.abc import Sequence

import pytest
from databases import RolledBack, snapshot
from httpx2 import AsyncClient, Response
from team import Person, alone, assert_refused
from visitors import Json

REQUIRED = "Say which version you want to change: send its ETag in the header If-Match."
STALE = (
    "It has changed since you read it. Read it again, and see whether you still want to change it."
)

CHANGES: list[tuple[str, str, Json]] = [
    ("PATCH", "/tasks/WEB-1", {"title": "New"}),
    ("PATCH", "/tasks/WEB-1", {"title": "Something"}),
    ("PATCH", "/tasks/WEB-1", {"status": "in_progress"}),
    ("POST", "/tasks/WEB-1/move", {"after": "WEB-2"}),
    ("POST", "/tasks/WEB-1/move", {"after": None, "status": "in_progress"}),
    ("DELETE", "/tasks/WEB-1", None),
]

# WEB-1 is at version 3 and WEB-2 at version 1; each is one header, or the same header repeatedly.
GOOD: list[list[str]] = [
    ['"3"'],
    ["*"],
    ['"1", "3"'],
    ['"3","7"'],
    ['W/"2", "3"'],
    ['"1"', '"3"'],
    ['"3"', '"1"'],
]
STALE_ONES: list[list[str]] = [
    ['"1"'],  # also the version of the other task
    ['"2"'],
    ['"4"'],
    ['W/"2"'],
    ['"1", "2", "4"'],
    ['"1"', '"2"'],
]
WEAK: list[list[str]] = [['W/"3"'], ['W/"3"', '"2"']]
WITHOUT_FORM: list[list[str]] = [["3"], ['"3'], ["'3'"], ["nonsense"], [""], ['W/"3"', "3"]]


@pytest.fixture
async def ada(client: AsyncClient) -> Person:
    """Somebody with two tasks, of which the first was changed twice."""
    ada = await alone(client)
    await ada.add("First")
    await ada.add("Second")
    await ada.change("WEB-1", title="Another")
    await ada.change("WEB-1", title="Something")
    return ada


async def send(
    person: Person, method: str, path: str, body: Json, matches: Sequence[str]
) -> Response:
    """Send a change with as many headers If-Match as are given."""
    headers = [*person.authorization.items(), *(("If-Match", value) for value in matches)]
    return await person.client.request(method, f"/api{path}", json=body, headers=headers)


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
async def test_a_change_says_which_version_it_is_about(
    ada: Person, database: RolledBack, method: str, path: str, body: Json
) -> None:
    before = await snapshot(database)
    response = await send(ada, method, path, body, [])
    assert_refused(response, 428, "precondition_required", REQUIRED)
    assert await snapshot(database) == before


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
async def test_what_is_not_the_version_that_is_there_changes_nothing(
    ada: Person, database: RolledBack, method: str, path: str, body: Json
) -> None:
    before = await snapshot(database)
    for matches in STALE_ONES:
        response = await send(ada, method, path, body, matches)
        assert_refused(response, 412, "stale", STALE)
        assert response.headers["etag"] == '"3"'
    assert await snapshot(database) == before


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
async def test_a_tag_that_is_weak_or_has_no_quotes_is_refused_in_words(
    ada: Person, database: RolledBack, method: str, path: str, body: Json
) -> None:
    """A newcomer who is told that the task has changed would read it again, without end."""
    before = await snapshot(database)
    for matches in WEAK:
        response = await send(ada, method, path, body, matches)
        detail = 'The ETag is weak, and a weak one does not do here. Send "3" instead.'
        assert_refused(response, 412, "stale", detail)
        assert response.headers["etag"] == '"3"'
    for matches in WITHOUT_FORM:
        response = await send(ada, method, path, body, matches)
        message = 'must be an ETag with its quotes, such as "3", or *'
        assert_refused(response, 422, "invalid", **{"If-Match": message})
    assert await snapshot(database) == before


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
async def test_a_header_that_names_the_version_lets_the_change_through(
    ada: Person, database: RolledBack, method: str, path: str, body: Json
) -> None:
    for matches in GOOD:
        async with database.undone():
            response = await send(ada, method, path, body, matches)
            assert response.is_success, (matches, response.text)


async def test_of_two_who_have_seen_the_same_the_second_is_told(ada: Person) -> None:
    seen = {"If-Match": await ada.etag("WEB-1")}
    first = await ada.patch("/tasks/WEB-1", {"title": "First"}, **seen)
    assert (first.status_code, first.headers["etag"]) == (200, '"4"')
    second = await ada.patch("/tasks/WEB-1", {"description": "Second"}, **seen)
    assert_refused(second, 412, "stale", STALE)
    again = await ada.patch(
        "/tasks/WEB-1", {"description": "Second"}, **{"If-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.headers["etag"]) == (200, '"5"')
    task = await ada.read("WEB-1")
    assert (task["title"], task["description"]) == ("First", "Second")


async def test_every_answer_with_a_task_has_its_etag(ada: Person) -> None:
    answers = [
        await ada.post("/projects/WEB/tasks", {"title": "New"}),
        await ada.get("/tasks/WEB-3"),
        await ada.patch("/tasks/WEB-3", {"title": "Newer"}, **{"If-Match": '"1"'}),
        await send(ada, "POST", "/tasks/WEB-3/move", {"after": None}, ['"2"']),
    ]
    assert [response.headers["etag"] for response in answers] == ['"1"', '"1"', '"2"', '"3"']
    assert [response.json()["version"] for response in answers] == [1, 1, 2, 3]


async def test_whatever_is_there_can_be_asked_for_where_nothing_is(ada: Person) -> None:
    for matches in (["*"], ['"1"']):
        response = await send(ada, "PATCH", "/tasks/WEB-9", {"title": "New"}, matches)
        assert_refused(response, 404, "no_task", "There is no task with this key.")
