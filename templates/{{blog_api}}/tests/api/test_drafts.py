"""Drafts: their author's alone until they are published, and again when they are withdrawn."""

from blog import Json, Person, join, join_moderator
from databases import RolledBack, snapshot
from httpx2 import AsyncClient
from support import assert_error

MISSING = "There is no article with this slug."


async def test_a_draft_is_not_there_for_anybody_else_by_any_route(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await join(client, "ada")
    bob = await join(client, "bob")
    moderator = await join_moderator(client, database)
    await bob.follow("ada")
    await ada.write("Secret plans", status="draft", tagList=["plans"])
    note = await ada.comment("secret-plans", "A note to myself.")
    await ada.favorite("secret-plans")
    before = await snapshot(database)
    routes: list[tuple[str, str, Json]] = [
        ("GET", "", None),
        ("PUT", "", {"article": {"body": "Mine."}}),
        ("DELETE", "", None),
        ("POST", "/favorite", None),
        ("DELETE", "/favorite", None),
        ("GET", "/comments", None),
        ("POST", "/comments", {"comment": {"body": "Found you."}}),
        ("DELETE", f"/comments/{note['id']}", None),
    ]
    for visitor in (bob, moderator):
        for method, path, body in routes:
            response = await visitor.request(method, f"/articles/secret-plans{path}", json=body)
            assert_error(response, 404, MISSING)
    for visitor in (bob, moderator, Person(client)):
        for wanted in (
            {},
            {"tag": "plans"},
            {"author": "ada"},
            {"favorited": "ada"},
            {"q": "secret"},
            {"status": "draft"},
            {"status": "draft", "author": "ada"},
        ):
            assert await visitor.listed(**wanted) == ([], 0)
        assert (await visitor.get("/tags")).json() == {"tags": []}
    assert await bob.listed("/articles/feed") == ([], 0)
    for path in ("", "/comments"):
        assert_error(await Person(client).get(f"/articles/secret-plans{path}"), 404, MISSING)
    assert await snapshot(database) == before


async def test_its_author_does_with_a_draft_what_can_be_done_with_an_article(
    client: AsyncClient,
) -> None:
    ada = await join(client, "ada")
    draft = await ada.write("Plans", status="draft")
    assert draft["status"] == "draft"
    assert await ada.read("plans") == draft
    assert (await ada.change("plans", body="Better."))["status"] == "draft"
    assert (await ada.favorite("plans"))["favoritesCount"] == 1
    note = await ada.comment("plans", "A note to myself.")
    assert await ada.comments("plans") == [note]
    await ada.remove("plans")
    assert await ada.listed(status="draft") == ([], 0)


async def test_the_list_of_drafts_has_ones_own_the_last_first(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    bob = await join(client, "bob")
    await ada.write("Published")
    for title in ("One", "Two", "Three"):
        await ada.write(title, status="draft", tagList=[title])
    await bob.write("Four", status="draft")
    assert await ada.listed(status="draft") == (["three", "two", "one"], 3)
    assert await ada.listed(status="draft", limit=1, offset=1) == (["two"], 3)
    assert await ada.listed(status="draft", tag="Two") == (["two"], 1)
    assert await ada.listed(status="draft", q="three") == (["three"], 1)
    assert await ada.listed(status="draft", author="bob") == ([], 0)
    assert await ada.listed() == (["published"], 1)


async def test_publishing_shows_an_article_and_withdrawing_hides_it_again(
    client: AsyncClient,
) -> None:
    ada = await join(client, "ada")
    bob = await join(client, "bob")
    await ada.write("Plans", status="draft", tagList=["plans"])
    assert (await ada.change("plans", status="published"))["status"] == "published"
    assert await bob.listed() == (["plans"], 1)
    assert (await bob.read("plans"))["status"] == "published"
    assert (await bob.get("/tags")).json() == {"tags": ["plans"]}
    await bob.favorite("plans")
    await bob.comment("plans", "At last.")

    assert (await ada.change("plans", status="draft"))["status"] == "draft"
    assert await bob.listed() == ([], 0)
    assert await bob.listed(favorited="bob") == ([], 0)
    assert_error(await bob.get("/articles/plans"), 404, MISSING)

    again = await ada.change("plans", status="published")
    assert (again["favoritesCount"], len(await bob.comments("plans"))) == (1, 1)


async def test_publishing_what_is_published_does_not_move_it_up(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    await ada.write("First")
    await ada.write("Second")
    await ada.change("first", status="published")
    assert await ada.listed() == (["second", "first"], 2)
