"""How many statements each route sends to the database; long lists take no more than short ones."""

from blog import Person, join
from databases import RolledBack
from httpx2 import AsyncClient
from joining import PASSWORD
from visitors import Json
from walking import count_statements

MOST_FOR_A_LIST = 3

LOGIN = {"user": {"email": "ada@example.com", "password": PASSWORD}}
NEW_USER = {"user": {"username": "eve", "email": "eve@example.com", "password": PASSWORD}}
NEW_ARTICLE = {
    "article": {"title": "New", "description": "d", "body": "b", "tagList": ["x", "y", "z"]}
}
ARTICLE = {"article": {"title": "Changed", "tagList": ["a", "b"]}}

# Route, how many statements for somebody who is signed in, what is sent.
# The first of them asks whose token it is, except where no token is needed.
LISTS: list[tuple[str, int]] = [
    ("GET /articles", 2),
    ("GET /articles?tag=t1", 2),
    ("GET /articles?author=bob", 2),
    ("GET /articles?favorited=ada", 2),
    ("GET /articles?tag=t1&author=bob&favorited=ada&q=article", 2),
    ("GET /articles?status=draft", 2),
    ("GET /articles?q=article", 2),
    ("GET /articles?offset=1000", 2),
    ("GET /articles/feed", 2),
    ("GET /articles/article-0/comments", 3),
    ("GET /tags", 1),
]
OTHERS: list[tuple[str, int, Json]] = [
    ("POST /users", 1, NEW_USER),
    ("POST /users/login", 1, LOGIN),
    ("GET /user", 1, None),
    ("PUT /user", 3, {"user": {"bio": "New."}}),
    ("GET /profiles/bob", 2, None),
    ("POST /profiles/bob/follow", 4, None),
    ("DELETE /profiles/bob/follow", 4, None),
    ("GET /articles/article-0", 2, None),
    ("POST /articles", 4, NEW_ARTICLE),
    ("PUT /articles/mine", 7, ARTICLE),
    ("DELETE /articles/mine", 4, None),
    ("POST /articles/article-0/favorite", 4, None),
    ("DELETE /articles/article-0/favorite", 4, None),
    ("POST /articles/article-0/comments", 4, {"comment": {"body": "New."}}),
    ("DELETE /articles/article-0/comments/{comment}", 4, None),
]


async def scene(client: AsyncClient) -> tuple[Person, Person, int]:
    """Ada, who follows Bob, and the number of a comment of hers."""
    ada = await join(client, "ada")
    bob = await join(client, "bob")
    await ada.follow("bob")
    await ada.write("Mine", tagList=["m1", "m2"])
    return ada, bob, await add(ada, bob, range(1))


async def add(ada: Person, bob: Person, numbers: range) -> int:
    """Have Bob write articles, and Ada favourite them, comment, and write drafts."""
    for number in numbers:
        await bob.write(f"Article {number}", tagList=["t1", "t2", f"n{number}"])
        await ada.write(f"Draft {number}", status="draft")
        await ada.favorite(f"article-{number}")
        comment = await ada.comment("article-0", "Fine.")
    return int(comment["id"])


async def test_a_list_takes_as_many_statements_for_thirty_rows_as_for_one(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, bob, _ = await scene(client)
    few = {route: await count_statements(ada, database, route) for route, _ in LISTS}
    await add(ada, bob, range(1, 30))
    many = {route: await count_statements(ada, database, route) for route, _ in LISTS}
    assert few == many == dict(LISTS)
    assert max(many.values()) <= MOST_FOR_A_LIST


async def test_each_other_route_takes_the_statements_in_the_table(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, _, comment = await scene(client)
    counts = {}
    for route, _expected, body in OTHERS:
        async with database.undone():
            counts[route] = await count_statements(
                ada, database, route.format(comment=comment), json=body
            )
    assert counts == {route: expected for route, expected, _ in OTHERS}


async def test_nobody_in_particular_costs_one_statement_less(
    client: AsyncClient, database: RolledBack
) -> None:
    await scene(client)
    assert await count_statements(Person(client), database, "GET /articles") == 1
