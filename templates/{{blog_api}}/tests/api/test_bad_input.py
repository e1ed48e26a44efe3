"""What cannot be right is refused with a sentence that says what is wrong, and changes nothing."""

import json
from typing import Any

from blog import Person, join
from databases import RolledBack, snapshot
from httpx2 import AsyncClient, Response
from joining import PASSWORD
from support import differences
from visitors import Json

ARTICLE = {"title": "New", "description": "d", "body": "b", "tagList": ["x"]}
NEW_USER = {"username": "eve", "email": "eve@example.com", "password": PASSWORD}
LOGIN = {"email": "ada@example.com", "password": PASSWORD}

STRING = "Input should be a valid string"
NUL = "must not contain the character NUL"
BLANK = "must not be blank"
NO_COMMA = "must not be blank, nor contain a comma"
NAME = "may have letters, digits, dots, hyphens, underscores, and single spaces between them"
NOT_AN_ADDRESS = "is not an e-mail address. An email address must have an @-sign."
INTEGER = "Input should be a valid integer, unable to parse string as an integer"
TOO_MANY_DIGITS = "Unable to parse input string as an integer, exceeded maximum size"
OBJECT = "Input should be a valid dictionary or object to extract fields from"
UNREADABLE = "The body of the request cannot be read: send JSON in UTF-8."
SEND_JSON = "Send the body as JSON, with the header Content-Type: application/json."
NOTHING_HERE = "There is nothing at this address."
WRONG_METHOD = "This address does not know this method; the header Allow lists those it knows."
MISSING_ARTICLE = "There is no article with this slug."

MISSING = "a field that is left out"


def longest(characters: int) -> str:
    return f"String should have at most {characters} characters"


# Route, name of the envelope, a body that is right, and what is wrong in which field.
FIELDS: list[tuple[str, str, dict[str, Any], list[tuple[str, Json, str]]]] = [
    (
        "POST /articles",
        "article",
        ARTICLE,
        [
            ("title", MISSING, "title: Field required"),
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
            ("description", MISSING, "description: Field required"),
            ("description", "\0", f"description: {NUL}"),
            ("description", "x" * 1001, f"description: {longest(1000)}"),
            ("body", MISSING, "body: Field required"),
            ("body", " \n ", f"body: {BLANK}"),
            ("body", "a\0b", f"body: {NUL}"),
            ("body", "x" * 100_001, f"body: {longest(100_000)}"),
            ("tagList", "x", "tagList: Input should be a valid list"),
            ("tagList", None, "tagList: Input should be a valid list"),
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
        "POST /users",
        "user",
        NEW_USER,
        [
            ("username", MISSING, "username: Field required"),
            ("username", 1, f"username: {STRING}"),
            ("username", "", "username: String should have at least 1 character"),
            ("username", "x" * 51, f"username: {longest(50)}"),
            ("username", " ", f"username: {NAME}"),
            ("username", "-_-", "username: needs a letter or a digit"),
            ("username", " ada", f"username: {NAME}"),
            ("username", "a  b", f"username: {NAME}"),
            ("username", "a/b", f"username: {NAME}"),
            ("username", ".", "username: needs a letter or a digit"),
            ("username", "..", "username: needs a letter or a digit"),
            ("username", "a\n", f"username: {NAME}"),
            ("username", "a\0b", f"username: {NAME}"),
            ("username", "\u202eada", f"username: {NAME}"),
            ("username", "\U0001f600", f"username: {NAME}"),
            ("email", MISSING, "email: Field required"),
            ("email", [], f"email: {STRING}"),
            ("email", "", "email: String should have at least 3 characters"),
            ("email", "ada", f"email: {NOT_AN_ADDRESS}"),
            ("email", "a" * 250 + "@example.com", f"email: {longest(254)}"),
            ("password", MISSING, "password: Field required"),
            ("password", None, f"password: {STRING}"),
            ("password", "1234567", "password: String should have at least 8 characters"),
            ("password", "x" * 129, f"password: {longest(128)}"),
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
            ("password", "1234567", "password: String should have at least 8 characters"),
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
            ("tagList", "x", "tagList: Input should be a valid list"),
            ("status", "", "status: Input should be 'draft' or 'published'"),
        ],
    ),
    (
        "POST /articles/hello/comments",
        "comment",
        {"body": "New."},
        [
            ("body", MISSING, "body: Field required"),
            ("body", 1, f"body: {STRING}"),
            ("body", " ", f"body: {BLANK}"),
            ("body", "a\0b", f"body: {NUL}"),
            ("body", "x" * 10_001, f"body: {longest(10_000)}"),
        ],
    ),
    (
        "POST /users/login",
        "user",
        LOGIN,
        [
            ("email", MISSING, "email: Field required"),
            ("email", 1, f"email: {STRING}"),
            ("email", "\0", f"email: {NUL}"),
            ("email", "x" * 1001, f"email: {longest(1000)}"),
            ("password", MISSING, "password: Field required"),
            ("password", "x" * 1001, f"password: {longest(1000)}"),
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
            body = {**right, field: value}
            if value == MISSING:
                del body[field]
            case = f"{route}: {field} = {str(value)[:30]!r}"
            found[case] = said(await ada.request(method, path, json={envelope: body}))
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
            content = json.dumps({envelope: {**right, field: value}})
            response = await ada.request(
                method, path, content=content, headers={"Content-Type": "application/json"}
            )
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
            "article.title: Field required",
            "article.description: Field required",
            "article.body: Field required",
            f"article.tagList.0: {STRING}",
            "article.status: Input should be 'draft' or 'published'",
        ],
    )


JSON = "application/json"
# What is sent as the body of `POST /articles`, its type, the status, and the message.
BODIES: dict[str, tuple[bytes, str | None, int, str]] = {
    "nothing": (b"", JSON, 422, "body: Field required"),
    "null": (b"null", JSON, 422, f"body: {OBJECT}"),
    "a list": (b"[]", JSON, 422, f"body: {OBJECT}"),
    "a number": (b"1", JSON, 422, f"body: {OBJECT}"),
    "no number": (b"NaN", JSON, 422, f"body: {OBJECT}"),
    "no envelope": (b"{}", JSON, 422, "article: Field required"),
    "null in the envelope": (b'{"article": null}', JSON, 422, f"article: {OBJECT}"),
    "a list in the envelope": (b'{"article": []}', JSON, 422, f"article: {OBJECT}"),
    "cut off": (b'{"article":', JSON, 422, "The body is not valid JSON, at character 11."),
    "more after the end": (b"{} {}", JSON, 422, "The body is not valid JSON, at character 3."),
    "JavaScript": (b"{'a': 1}", JSON, 422, "The body is not valid JSON, at character 1."),
    "not UTF-8": (b'{"article": {"title": "\xff"}}', JSON, 400, UNREADABLE),
    "endless lists": (b"[" * 100_000, JSON, 400, UNREADABLE),
    "deep lists": (b"[" * 20_000 + b"]" * 20_000, JSON, 400, UNREADABLE),
    "deep objects": (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, JSON, 400, UNREADABLE),
    "a number of 5000 digits": (b"9" * 5000, JSON, 400, UNREADABLE),
    "a form": (b"title=x", "application/x-www-form-urlencoded", 422, SEND_JSON),
    "a file": (b"x", "multipart/form-data; boundary=x", 422, SEND_JSON),
    "text": (b"{}", "text/plain", 422, SEND_JSON),
    "nonsense as type": (b"{}", "x", 422, SEND_JSON),
    "no type": (b"{}", None, 422, f"body: {OBJECT}"),
    "more than a mebibyte": (b" " * 1_048_577, JSON, 413, "The body of the request is too large."),
}


async def test_a_body_that_cannot_be_read_is_refused(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await scene(client)
    before = await snapshot(database)
    found = {}
    for name, (content, kind, _, _) in BODIES.items():
        headers = {"Content-Type": kind} if kind else {}
        found[name] = said(await ada.request("POST", "/articles", content=content, headers=headers))
    expected = {name: (case[2], [case[3]]) for name, case in BODIES.items()}
    assert differences(found, expected) == {}
    assert await snapshot(database) == before


async def test_a_body_of_many_parts_is_not_read_beyond_the_limit(client: AsyncClient) -> None:
    """Without a length, a body that never ends would otherwise fill the memory."""
    ada = await scene(client)
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        while True:
            sent += 65_536
            yield b" " * 65_536

    response = await ada.request(
        "POST", "/articles", content=endless(), headers={"Content-Type": JSON}
    )
    assert said(response) == (413, ["The body of the request is too large."])
    assert sent <= 2 * 1_048_576


# What is asked for, and the message; all are refused with 422.
QUERIES = {
    "/articles?limit=0": "limit: Input should be greater than or equal to 1",
    "/articles?limit=-1": "limit: Input should be greater than or equal to 1",
    "/articles?limit=": f"limit: {INTEGER}",
    "/articles?limit=ten": f"limit: {INTEGER}",
    "/articles?limit=1.5": f"limit: {INTEGER}",
    "/articles?limit=%D9%A3": f"limit: {INTEGER}",
    f"/articles?limit={10**30}": "limit: Input should be less than or equal to 2147483647",
    f"/articles?limit={'9' * 5000}": f"limit: {TOO_MANY_DIGITS}",
    "/articles?offset=-1": "offset: Input should be greater than or equal to 0",
    "/articles?offset=x": f"offset: {INTEGER}",
    f"/articles?offset={2**31}": "offset: Input should be less than or equal to 2147483647",
    "/articles/feed?limit=0": "limit: Input should be greater than or equal to 1",
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
        "0": "Input should be greater than or equal to 1",
        "-1": "Input should be greater than or equal to 1",
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
    allowed = {}
    for path in METHODS:
        for method in ("PATCH", "TRACE", "BREW"):
            response = await ada.request(method, path)
            assert said(response) == (405, [WRONG_METHOD])
            allowed[path] = set(response.headers["allow"].split(", "))
    assert differences(allowed, METHODS) == {}
    assert await snapshot(database) == before
