"""Drafts: their author's alone until they are published, and again when they are withdrawn."""

import re

from blog import Person, assert_error, join, join_moderator
from databases import RolledBack, snapshot
from httpx2 import AsyncClient
from visitors import Json

MISSING = "There is no article with this slug."


async def test_a_draft_is_not_there_for_anybody_else_by_any_route(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await join(client, "ada")
    bob = await join(client, "bob")
    moderator = await join_moderator(client, database)
    await bob.follow("ada")
    slug = (await ada.write("Secret plans", status="draft", tagList=["plans"]))["slug"]
    note = await ada.comment(slug, "A note to myself.")
    await ada.favorite(slug)
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
            response = await visitor.request(method, f"/articles/{slug}{path}", json=body)
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
        assert_error(await Person(client).get(f"/articles/{slug}{path}"), 404, MISSING)
    assert await snapshot(database) == before


async def test_its_author_does_with_a_draft_what_can_be_done_with_an_article(
    client: AsyncClient,
) -> None:
    ada = await join(client, "ada")
    draft = await ada.write("Plans", status="draft")
    assert draft["status"] == "draft"
    slug = draft["slug"]
    assert await ada.read(slug) == draft
    changed = await ada.change(slug, body="Better.")
    assert (changed["status"], changed["slug"]) == ("draft", slug)
    assert (await ada.favorite(slug))["favoritesCount"] == 1
    note = await ada.comment(slug, "A note to myself.")
    assert await ada.comments(slug) == [note]
    await ada.remove(slug)
    assert await ada.listed(status="draft") == ([], 0)


async def test_the_list_of_drafts_has_ones_own_the_last_first(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    bob = await join(client, "bob")
    await ada.write("Published")
    one, two, three = [
        (await ada.write(title, status="draft", tagList=[title]))["slug"]
        for title in ("One", "Two", "Three")
    ]
    await bob.write("Four", status="draft")
    assert await ada.listed(status="draft") == ([three, two, one], 3)
    assert await ada.listed(status="draft", limit=1, offset=1) == ([two], 3)
    assert await ada.listed(status="draft", tag="Two") == ([two], 1)
    assert await ada.listed(status="draft", q="three") == ([three], 1)
    assert await ada.listed(status="draft", author="bob") == ([], 0)
    assert await ada.listed() == (["published"], 1)


async def test_drafts_may_have_one_title_and_are_at_addresses_nobody_guesses(
    client: AsyncClient,
) -> None:
    ada = await join(client, "ada")
    bob = await join(client, "bob")
    slugs = {(await ada.write("Plans", status="draft"))["slug"] for _ in range(2)}
    slugs.add((await bob.write("Plans", status="draft"))["slug"])
    assert len(slugs) == 3
    for slug in slugs:
        assert re.fullmatch(r"plans-[0-9a-f]{16}", slug)


async def test_a_taken_address_keeps_a_draft_from_being_published(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await join(client, "ada")
    bob = await join(client, "bob")
    draft = await ada.write("Plans", status="draft")
    await bob.write("Plans")
    before = await snapshot(database)
    response = await ada.put(f"/articles/{draft['slug']}", {"article": {"status": "published"}})
    assert_error(
        response,
        422,
        "article.title: another article has this address already; choose another title",
    )
    assert await snapshot(database) == before
    published = await ada.change(draft["slug"], status="published", title="Other plans")
    assert (published["slug"], published["status"]) == ("other-plans", "published")


async def test_publishing_shows_an_article_and_withdrawing_hides_it_again(
    client: AsyncClient,
) -> None:
    ada = await join(client, "ada")
    bob = await join(client, "bob")
    draft = await ada.write("Plans", status="draft", tagList=["plans"])
    published = await ada.change(draft["slug"], status="published")
    assert (published["status"], published["slug"]) == ("published", "plans")
    assert await bob.listed() == (["plans"], 1)
    assert (await bob.read("plans"))["status"] == "published"
    assert (await bob.get("/tags")).json() == {"tags": ["plans"]}
    await bob.favorite("plans")
    await bob.comment("plans", "At last.")

    withdrawn = await ada.change("plans", status="draft")
    assert withdrawn["status"] == "draft"
    assert await bob.listed() == ([], 0)
    assert await bob.listed(favorited="bob") == ([], 0)
    for slug in ("plans", withdrawn["slug"]):
        assert_error(await bob.get(f"/articles/{slug}"), 404, MISSING)

    again = await ada.change(withdrawn["slug"], status="published")
    assert (again["slug"], again["favoritesCount"]) == ("plans", 1)
    assert len(await bob.comments("plans")) == 1


async def test_publishing_what_is_published_does_not_move_it_up(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    await ada.write("First")
    await ada.write("Second")
    await ada.change("first", status="published")
    assert await ada.listed() == (["second", "first"], 2)
