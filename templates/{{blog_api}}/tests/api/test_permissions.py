"""Who may do what: every route of the application, once for each kind of visitor."""

from typing import NamedTuple

import pytest
from blog import Person, join, join_moderator
from databases import RolledBack, snapshot
from fastapi import FastAPI
from httpx2 import AsyncClient
from joining import PASSWORD
from visitors import Json
from walking import left_out, routes

NEW_USER = {"user": {"username": "eve", "email": "eve@example.com", "password": PASSWORD}}
LOGIN = {"user": {"email": "owner@example.com", "password": PASSWORD}}
USER = {"user": {"bio": "New."}}
NEW_ARTICLE = {"article": {"title": "New", "description": "d", "body": "b"}}
ARTICLE = {"article": {"body": "New."}}
COMMENT = {"comment": {"body": "New."}}


class Row(NamedTuple):
    """A route, what is sent to it, and the status that each visitor gets."""

    route: str
    nobody: int
    another: int
    owner: int
    moderator: int
    body: Json = None


# `owner` wrote the article "published", the comment on it and a draft, and is the user
# whose profile is asked for. A draft is nobody else's business, not even a moderator's.
TABLE = [
    #                                                    nobody another owner moderator
    Row("POST /api/users", 201, 201, 201, 201, NEW_USER),
    Row("POST /api/users/login", 200, 200, 200, 200, LOGIN),
    Row("GET /api/user", 401, 200, 200, 200),
    Row("PUT /api/user", 401, 200, 200, 200, USER),
    Row("GET /api/profiles/owner", 200, 200, 200, 200),
    Row("POST /api/profiles/owner/follow", 401, 200, 422, 200),
    Row("DELETE /api/profiles/owner/follow", 401, 200, 200, 200),
    Row("GET /api/articles", 200, 200, 200, 200),
    Row("GET /api/articles/feed", 401, 200, 200, 200),
    Row("POST /api/articles", 401, 201, 201, 201, NEW_ARTICLE),
    Row("GET /api/articles/published", 200, 200, 200, 200),
    Row("PUT /api/articles/published", 401, 403, 200, 403, ARTICLE),
    Row("DELETE /api/articles/published", 401, 403, 204, 204),
    Row("POST /api/articles/published/favorite", 401, 200, 200, 200),
    Row("DELETE /api/articles/published/favorite", 401, 200, 200, 200),
    Row("GET /api/articles/published/comments", 200, 200, 200, 200),
    Row("POST /api/articles/published/comments", 401, 200, 200, 200, COMMENT),
    Row("DELETE /api/articles/published/comments/{comment}", 401, 403, 204, 204),
    Row("GET /api/articles/{draft}", 404, 404, 200, 404),
    Row("PUT /api/articles/{draft}", 401, 404, 200, 404, ARTICLE),
    Row("DELETE /api/articles/{draft}", 401, 404, 204, 404),
    Row("POST /api/articles/{draft}/favorite", 401, 404, 200, 404),
    Row("DELETE /api/articles/{draft}/favorite", 401, 404, 200, 404),
    Row("GET /api/articles/{draft}/comments", 404, 404, 200, 404),
    Row("POST /api/articles/{draft}/comments", 401, 404, 200, 404, COMMENT),
    Row("DELETE /api/articles/{draft}/comments/{note}", 401, 404, 204, 404),
    Row("GET /api/tags", 200, 200, 200, 200),
    Row("GET /health/live", 200, 200, 200, 200),
    Row("GET /health/ready", 200, 200, 200, 200),
    Row("GET /openapi.json", 200, 200, 200, 200),
    Row("GET /docs", 200, 200, 200, 200),
    Row("GET /docs/oauth2-redirect", 200, 200, 200, 200),
    Row("GET /redoc", 200, 200, 200, 200),
]
VISITORS = ("nobody", "another", "owner", "moderator")


async def test_every_route_is_in_the_table(app: FastAPI) -> None:
    assert left_out(routes(app), [row.route for row in TABLE]) == set()


async def scene(
    client: AsyncClient, database: RolledBack
) -> tuple[dict[str, Person], dict[str, str]]:
    """The visitors, and what stands in the paths of the table."""
    owner = await join(client, "owner")
    visitors = {
        "nobody": Person(client),
        "another": await join(client, "another"),
        "owner": owner,
        "moderator": await join_moderator(client, database),
    }
    await owner.write("Published", tagList=["x"])
    draft = (await owner.write("Draft", status="draft"))["slug"]
    comment = await owner.comment("published", "Mine.")
    note = await owner.comment(draft, "A note to myself.")
    return visitors, {"draft": draft, "comment": str(comment["id"]), "note": str(note["id"])}


@pytest.mark.parametrize("visitor", VISITORS)
async def test_a_visitor_gets_what_the_table_says_and_what_is_refused_changes_nothing(
    client: AsyncClient, database: RolledBack, visitor: str
) -> None:
    visitors, values = await scene(client, database)
    before = await snapshot(database)
    answers, changed = {}, []
    for row in TABLE:
        method, path = row.route.format(**values).split()
        headers = visitors[visitor].authorization
        async with database.undone():
            response = await client.request(method, path, json=row.body, headers=headers)
            answers[row.route] = response.status_code
            if response.is_error and await snapshot(database) != before:
                changed.append(row.route)
        if response.status_code == 401:
            assert response.headers["www-authenticate"] == "Bearer"
    assert answers == {row.route: getattr(row, visitor) for row in TABLE}
    assert changed == []
    assert await snapshot(database) == before
