"""Requests at the same moment, on a database that is really committed to.

Whatever comes first, nothing is there twice, nobody is answered that a server is at fault, and what
was answered with success has happened.
"""

from collections import Counter

import pytest
from blog import Person, join
from databases import sizes, snapshot
from httpx2 import AsyncClient
from joining import PASSWORD, register
from racing import Request, at_once

from app.core.database import Database

AT_ONCE = 8
ROUNDS = 5


async def test_of_many_who_want_one_name_one_gets_it(
    own_client: AsyncClient, own_database: Database
) -> None:
    def asks(number: int) -> Request:
        return lambda: register(own_client, "ada", email=f"ada{number}@example.com")

    statuses = await at_once([asks(number) for number in range(AT_ONCE)])
    assert Counter(statuses) == {201: 1, 422: AT_ONCE - 1}
    assert sizes(await snapshot(own_database)) == {"users": 1}


async def test_of_many_who_want_one_address_one_gets_it(
    own_client: AsyncClient, own_database: Database
) -> None:
    def asks(number: int) -> Request:
        return lambda: register(own_client, f"ada{number}", email="ada@example.com")

    statuses = await at_once([asks(number) for number in range(AT_ONCE)])
    assert Counter(statuses) == {201: 1, 422: AT_ONCE - 1}
    assert sizes(await snapshot(own_database)) == {"users": 1}


async def test_of_many_who_change_to_one_name_one_gets_it(
    own_client: AsyncClient, own_database: Database
) -> None:
    people = [await join(own_client, f"ada{number}") for number in range(AT_ONCE)]

    def asks(person: Person) -> Request:
        return lambda: person.put("/user", {"user": {"username": "countess"}})

    statuses = await at_once([asks(person) for person in people])
    assert Counter(statuses) == {200: 1, 422: AT_ONCE - 1}
    assert sum("'countess'" in row for row in (await snapshot(own_database))["users"]) == 1


async def test_of_many_articles_with_one_title_one_is_written(
    own_client: AsyncClient, own_database: Database
) -> None:
    people = [await join(own_client, f"ada{number}") for number in range(AT_ONCE)]
    new = {"title": "Hello", "description": "d", "body": "b", "tagList": ["x", "y"]}

    def asks(person: Person) -> Request:
        return lambda: person.post("/articles", {"article": new})

    statuses = await at_once([asks(person) for person in people])
    assert Counter(statuses) == {201: 1, 422: AT_ONCE - 1}
    expected = {"users": AT_ONCE, "articles": 1, "article_tags": 2}
    assert sizes(await snapshot(own_database)) == expected


@pytest.mark.parametrize(
    ("path", "table"),
    [("/articles/hello/favorite", "favorites"), ("/profiles/bob/follow", "follows")],
)
async def test_the_same_twice_at_once_is_there_once(
    own_client: AsyncClient, own_database: Database, path: str, table: str
) -> None:
    ada = await join(own_client, "ada")
    bob = await join(own_client, "bob")
    await bob.write("Hello")
    assert set(await at_once([lambda: ada.post(path)] * AT_ONCE)) == {200}
    assert sizes(await snapshot(own_database))[table] == 1
    await at_once([lambda: ada.post(path), lambda: ada.delete(path)] * (AT_ONCE // 2))
    assert set(await at_once([lambda: ada.delete(path)] * AT_ONCE)) == {200}
    assert table not in sizes(await snapshot(own_database))


async def test_what_happens_while_an_article_is_removed_is_done_before_or_not_at_all(
    own_client: AsyncClient, own_database: Database
) -> None:
    ada = await join(own_client, "ada")
    bob = await join(own_client, "bob")
    left = await snapshot(own_database)
    path = "/articles/hello"
    change = {"article": {"title": "Hello", "body": "New.", "tagList": ["y", "z"]}}
    for turn in range(ROUNDS):
        await ada.write("Hello", tagList=["x", "y"])
        await bob.comment("hello", "First.")
        requests: list[Request] = [
            lambda: bob.post(f"{path}/favorite"),
            lambda: bob.post(f"{path}/comments", {"comment": {"body": "Fine."}}),
            lambda: ada.put(path, change),
            lambda: bob.get(path),
            lambda: bob.get("/articles"),
            lambda: ada.post(f"{path}/favorite"),
            lambda: bob.delete(f"{path}/favorite"),
            lambda: bob.get(f"{path}/comments"),
        ]
        removal = turn % len(requests)
        requests.insert(removal, lambda: ada.delete(path))
        statuses = await at_once(requests)
        assert statuses.pop(removal) == 204
        assert set(statuses) <= {200, 404}
        assert await snapshot(own_database) == left


async def test_an_article_is_removed_once(own_client: AsyncClient, own_database: Database) -> None:
    ada = await join(own_client, "ada")
    for _ in range(ROUNDS):
        await ada.write("Hello", tagList=["x"])
        statuses = await at_once([lambda: ada.delete("/articles/hello")] * AT_ONCE)
        assert Counter(statuses) == {204: 1, 404: AT_ONCE - 1}
    assert sizes(await snapshot(own_database)) == {"users": 1}


async def test_changes_of_one_article_are_made_one_after_the_other(
    own_client: AsyncClient, own_database: Database
) -> None:
    ada = await join(own_client, "ada")
    await ada.write("Hello", tagList=["x"])

    def change(number: int) -> Request:
        body = {"article": {"body": f"Version {number}.", "tagList": [f"tag {number}", "x"]}}
        return lambda: ada.put("/articles/hello", body)

    assert set(await at_once([change(number) for number in range(AT_ONCE)])) == {200}
    article = await ada.read("hello")
    number = article["body"].removeprefix("Version ").removesuffix(".")
    assert article["tagList"] == [f"tag {number}", "x"]
    assert sizes(await snapshot(own_database))["article_tags"] == 2


async def test_of_two_changes_of_a_password_the_last_one_counts(own_client: AsyncClient) -> None:
    ada = await join(own_client, "ada")
    passwords = [f"password number {number}" for number in range(4)]

    def change(password: str) -> Request:
        return lambda: ada.put("/user", {"user": {"password": password}})

    statuses = await at_once([change(password) for password in passwords])
    assert set(statuses) <= {200, 401}
    assert 200 in statuses
    good = []
    for password in [PASSWORD, *passwords]:
        user = {"email": "ada@example.com", "password": password}
        response = await own_client.post("/api/users/login", json={"user": user})
        good.append(response.status_code == 200)
    assert sum(good) == 1
    assert not good[0]
    assert (await ada.get("/user")).status_code == 401
