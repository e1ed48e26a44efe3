"""What cannot be right is refused with a sentence that says what is wrong, and changes nothing."""

from typing import Any

from blog import Person, join
from breaking import (
    BLANK,
    INTEGER,
    LIST,
    MISSING,
    NO_COMMA,
    NOT_AN_ADDRESS,
    NOT_POSITIVE,
    NUL,
    OBJECT,
    REQUIRED,
    STRING,
    TOO_MANY_DIGITS,
    broken,
    escaped,
    longest,
    shortest,
)
from databases import RolledBack, snapshot
from httpx2 import AsyncClient, Response
from support import differences
from visitors import Json
from walking import methods_at

ARTICLE = {"title": "New", "description": "d", "body": "b", "tagList": ["x"]}
NAME = "may have letters, digits, dots, hyphens, underscores, and single spaces between them"
NOTHING_HERE = "There is nothing at this address."
MISSING_ARTICLE = "There is no article with this slug."

# Route, name of the envelope, a body that is right, and what is wrong in which field.
FIELDS: list[tuple[str, str, dict[str, Any], list[tuple[str, Json, str]]]] = [
    (
        "POST /articles",
        "article",
        ARTICLE,
        [
            ("title", MISSING, f"title: {REQUIRED}"),
            ("title", None, f"title: {STRING}"),
            ("title", 1, f"title: {STRING}"),
            ("title", 10**400, f"title: {STRING}"),
            ("title", True, f"title: {STRING}"),
            ("title", ["x"], f"title: {STRING}"),
            ("title", {}, f"title: {STRING}"),
            ("title", "", f"title: {BLANK}"),
            ("title", " \t\n", f"title: {BLANK}"),
            ("title", "a\0b", f"title: {NUL}"),
            ("title", "x" * 201, f"title: {longest(200)}"),
            ("description", MISSING, f"description: {REQUIRED}"),
            ("description", "\0", f"description: {NUL}"),
            ("description", "x" * 1001, f"description: {longest(1000)}"),
            ("body", MISSING, f"body: {REQUIRED}"),
            ("body", " \n ", f"body: {BLANK}"),
            ("body", "a\0b", f"body: {NUL}"),
            ("body", "x" * 100_001, f"body: {longest(100_000)}"),
            ("tagList", "x", f"tagList: {LIST}"),
            ("tagList", None, f"tagList: {LIST}"),
            ("tagList", ["ok", 1], f"tagList.1: {STRING}"),
            ("tagList", ["\0"], f"tagList.0: {NUL}"),
            ("tagList", [""], f"tagList.0: {NO_COMMA}"),
            ("tagList", ["a,b"], f"tagList.0: {NO_COMMA}"),
            ("tagList", ["x" * 51], f"tagList.0: {longest(50)}"),
            (
                "tagList",
                [str(number) for number in range(21)],
                "tagList: List should have at most 20 items after validation, not 21",
            ),
            ("status", "secret", "status: Input should be 'draft' or 'published'"),
        ],
    ),
    (
        "PUT /user",
        "user",
        {"bio": "New."},
        [
            ("bio", MISSING, " at least one field is required"),
            ("bio", 1, f"bio: {STRING}"),
            ("bio", "a\0b", f"bio: {NUL}"),
            ("bio", "x" * 2001, f"bio: {longest(2000)}"),
            ("image", "x" * 2001, f"image: {longest(2000)}"),
            ("image", "\0", f"image: {NUL}"),
            ("username", "a/b", f"username: {NAME}"),
            ("email", "ada", f"email: {NOT_AN_ADDRESS}"),
            ("password", "1234567", f"password: {shortest(8)}"),
        ],
    ),
    (
        "PUT /articles/hello",
        "article",
        {"body": "New."},
        [
            ("body", MISSING, " at least one field is required"),
            ("body", "", f"body: {BLANK}"),
            ("title", "\0", f"title: {NUL}"),
            ("tagList", "x", f"tagList: {LIST}"),
            ("status", "", "status: Input should be 'draft' or 'published'"),
        ],
    ),
    (
        "POST /articles/hello/comments",
        "comment",
        {"body": "New."},
        [
            ("body", MISSING, f"body: {REQUIRED}"),
            ("body", 1, f"body: {STRING}"),
            ("body", " ", f"body: {BLANK}"),
            ("body", "a\0b", f"body: {NUL}"),
            ("body", "x" * 10_001, f"body: {longest(10_000)}"),
        ],
    ),
]


async def scene(client: AsyncClient) -> Person:
    ada = await join(client, "ada")
    await ada.write("Hello")
    await ada.comment("hello", "Fine.")
    return ada


def said(response: Response) -> tuple[int, list[str]]:
    """The status and the messages of an error, whose body has nothing else."""
    body = response.json()
    assert list(body) == ["errors"]
    assert list(body["errors"]) == ["body"]
    return response.status_code, body["errors"]["body"]


async def test_each_field_is_checked_and_the_message_names_it(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await scene(client)
    before = await snapshot(database)
    found, expected = {}, {}
    for route, envelope, right, wrongs in FIELDS:
        method, path = route.split()
        for field, value, message in wrongs:
            case = f"{route}: {field} = {str(value)[:30]!r}"
            body = {envelope: broken(right, field, value)}
            found[case] = said(await ada.request(method, path, json=body))
            separator = ":" if message.startswith(" ") else "."
            expected[case] = (422, [f"{envelope}{separator}{message}"])
    assert differences(found, expected) == {}
    assert await snapshot(database) == before


async def test_half_a_character_is_refused_wherever_text_is_taken(
    client: AsyncClient, database: RolledBack
) -> None:
    """JSON can name one half of a surrogate pair, which is no text, and which no database takes."""
    ada = await scene(client)
    before = await snapshot(database)
    places = []
    for route, envelope, right, _ in FIELDS:
        method, path = route.split()
        for field in right:
            value = ["\ud800"] if field == "tagList" else "a\udfff@example.com"
            body = escaped({envelope: {**right, field: value}})
            response = await ada.request(method, path, **body)
            place = f"{envelope}.{field}"
            if response.status_code != 422 or not said(response)[1][0].startswith(place):
                places.append((route, field, response.status_code))
    assert places == []
    assert await snapshot(database) == before


async def test_all_that_is_wrong_is_said_at_once(client: AsyncClient) -> None:
    ada = await scene(client)
    response = await ada.post("/articles", {"article": {"tagList": [1], "status": 2}})
    assert said(response) == (
        422,
        [
            f"article.title: {REQUIRED}",
            f"article.description: {REQUIRED}",
            f"article.body: {REQUIRED}",
            f"article.tagList.0: {STRING}",
            "article.status: Input should be 'draft' or 'published'",
        ],
    )


async def test_what_is_sent_stands_in_an_envelope(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await scene(client)
    before = await snapshot(database)
    for body, message in (({}, REQUIRED), ({"article": None}, OBJECT), ({"article": []}, OBJECT)):
        assert said(await ada.post("/articles", body)) == (422, [f"article: {message}"])
    assert await snapshot(database) == before


# What is asked for, and the message; all are refused with 422.
QUERIES = {
    "/articles?limit=0": f"limit: {NOT_POSITIVE}",
    "/articles?limit=-1": f"limit: {NOT_POSITIVE}",
    "/articles?limit=": f"limit: {INTEGER}",
    "/articles?limit=ten": f"limit: {INTEGER}",
    "/articles?limit=1.5": f"limit: {INTEGER}",
    "/articles?limit=%D9%A3": f"limit: {INTEGER}",
    f"/articles?limit={10**30}": "limit: Input should be less than or equal to 2147483647",
    f"/articles?limit={'9' * 5000}": f"limit: {TOO_MANY_DIGITS}",
    "/articles?offset=-1": "offset: Input should be greater than or equal to 0",
    "/articles?offset=x": f"offset: {INTEGER}",
    f"/articles?offset={2**31}": "offset: Input should be less than or equal to 2147483647",
    "/articles/feed?limit=0": f"limit: {NOT_POSITIVE}",
    "/articles/feed?offset=x": f"offset: {INTEGER}",
    "/articles?status=secret": "status: Input should be 'draft' or 'published'",
    "/articles?status=": "status: Input should be 'draft' or 'published'",
    "/articles?tag=%00": f"tag: {NUL}",
    "/articles?author=a%00b": f"author: {NUL}",
    "/articles?favorited=%00": f"favorited: {NUL}",
    "/articles?q=%00": f"q: {NUL}",
    f"/articles?tag={'x' * 201}": f"tag: {longest(200)}",
    f"/articles?q={'x' * 201}": f"q: {longest(200)}",
    "/articles/a%00b": f"slug: {NUL}",
    f"/articles/{'x' * 201}": f"slug: {longest(200)}",
    "/profiles/a%00b": f"username: {NUL}",
    f"/profiles/{'x' * 201}": f"username: {longest(200)}",
    "/articles/%00/comments": f"slug: {NUL}",
    "/articles/hello/comments?limit=x": f"limit: {INTEGER}",
}


async def test_an_address_with_impossible_values_is_refused(client: AsyncClient) -> None:
    ada = await scene(client)
    found = {path: said(await ada.get(path)) for path in QUERIES}
    expected = {path: (422, [message]) for path, message in QUERIES.items()}
    assert differences(found, expected) == {}


async def test_the_number_of_a_comment_is_a_number(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await scene(client)
    before = await snapshot(database)
    numbers = {
        "x": INTEGER,
        "%00": INTEGER,
        "1.5": INTEGER,
        "0": NOT_POSITIVE,
        "-1": NOT_POSITIVE,
        str(2**63): "Input should be less than or equal to 9223372036854775807",
        "9" * 5000: TOO_MANY_DIGITS,
    }
    found = {
        number: said(await ada.delete(f"/articles/hello/comments/{number}")) for number in numbers
    }
    assert found == {number: (422, [f"id: {message}"]) for number, message in numbers.items()}
    assert await snapshot(database) == before


async def test_bytes_that_are_not_utf8_name_nothing(client: AsyncClient) -> None:
    ada = await scene(client)
    for bytes_ in ("%FF", "%ED%A0%80", "%C0%AF"):
        assert await ada.listed(f"/articles?tag={bytes_}") == ([], 0)
        assert await ada.listed(f"/articles?author={bytes_}") == ([], 0)
        assert await ada.listed(f"/articles?q={bytes_}") == ([], 0)
        assert said(await ada.get(f"/articles/{bytes_}")) == (404, [MISSING_ARTICLE])


async def test_an_unknown_address_is_not_found(client: AsyncClient) -> None:
    ada = await scene(client)
    for path in ("/nowhere", "/articles/hello/nowhere", "/user/hello", "//articles", ""):
        for method in ("GET", "POST", "DELETE"):
            assert said(await ada.request(method, path)) == (404, [NOTHING_HERE])


# An address, and the methods it knows.
METHODS = {
    "/users": {"POST"},
    "/users/login": {"POST"},
    "/user": {"GET", "PUT"},
    "/profiles/ada": {"GET"},
    "/profiles/ada/follow": {"POST", "DELETE"},
    "/articles": {"GET", "POST"},
    "/articles/feed": {"GET"},
    "/articles/hello": {"GET", "PUT", "DELETE"},
    "/articles/hello/comments": {"GET", "POST"},
    "/articles/hello/comments/1": {"DELETE"},
    "/articles/hello/favorite": {"POST", "DELETE"},
    "/tags": {"GET"},
}


async def test_a_wrong_method_is_told_the_right_ones(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await scene(client)
    before = await snapshot(database)
    assert differences(await methods_at(ada, METHODS), METHODS) == {}
    assert await snapshot(database) == before
