"""Writing, reading, changing and removing one article."""

from datetime import UTC, datetime
from typing import Any

import pytest
from blog import assert_error, join, join_moderator
from databases import RolledBack, sizes, snapshot
from httpx2 import AsyncClient

MISSING = "There is no article with this slug."
TAKEN = "article.title: another article has this address already; choose another title"
FIRST = datetime(2016, 2, 18, 3, 22, 56, 637_000, tzinfo=UTC)
LATER = datetime(2016, 2, 19, 0, 0, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The time at which articles are written; tests set another by appending it."""
    times = [FIRST]
    monkeypatch.setattr("app.articles.service.now", lambda: times[-1])
    return times


@pytest.mark.usefixtures("clock")
async def test_an_article_comes_back_as_it_was_written(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    article = await ada.write(
        "  How to train your dragon  ",
        description="Ever wonder how?",
        body="  You have to believe.\n",
        tagList=["training", "dragons", "training", "Ärger"],
    )
    assert article == {
        "slug": "how-to-train-your-dragon",
        "title": "How to train your dragon",
        "description": "Ever wonder how?",
        "body": "  You have to believe.\n",
        "tagList": ["dragons", "training", "Ärger"],
        "createdAt": "2016-02-18T03:22:56.637Z",
        "updatedAt": "2016-02-18T03:22:56.637Z",
        "favorited": False,
        "favoritesCount": 0,
        "author": {"username": "ada", "bio": "", "image": "", "following": False},
        "status": "published",
    }
    assert await ada.read("how-to-train-your-dragon") == article


async def test_a_change_changes_what_it_names_and_nothing_else(
    client: AsyncClient, clock: list[datetime]
) -> None:
    ada = await join(client, "ada")
    article = await ada.write("Hello", tagList=["a", "b"])
    clock.append(LATER)
    updated = {**article, "updatedAt": "2016-02-19T00:00:00.000Z"}
    changes: list[dict[str, Any]] = [
        {"body": "New body."},
        {"description": "New description."},
        {"tagList": ["b", "c"]},
        {"tagList": []},
        {"title": "Hello again"},
    ]
    for change in changes:
        slug = updated["slug"]
        updated |= change
        if "title" in change:
            updated["slug"] = "hello-again"
        assert await ada.change(slug, **change) == updated
    assert await ada.read("hello-again") == updated
    assert_error(await ada.get("/articles/hello"), 404, MISSING)


async def test_null_changes_nothing(client: AsyncClient, clock: list[datetime]) -> None:
    ada = await join(client, "ada")
    article = await ada.write("Hello", tagList=["a"])
    clock.append(LATER)
    nothing = dict.fromkeys(("title", "description", "body", "tagList", "status"))
    changed = await ada.change("hello", **nothing)
    assert changed == {**article, "updatedAt": "2016-02-19T00:00:00.000Z"}


async def test_the_same_title_again_keeps_the_slug(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    await ada.write("Hello")
    assert (await ada.change("hello", title="Hello!"))["slug"] == "hello"


async def test_a_taken_slug_is_refused_and_nothing_is_written(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await join(client, "ada")
    bob = await join(client, "bob")
    await ada.write("Hello world")
    before = await snapshot(database)
    new = {"title": "Hello, World!", "description": "d", "body": "b", "tagList": ["x"]}
    assert_error(await bob.post("/articles", {"article": new}), 422, TAKEN)
    assert await snapshot(database) == before


async def test_a_title_cannot_be_changed_to_a_taken_slug(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await join(client, "ada")
    await ada.write("One")
    await ada.write("Two")
    before = await snapshot(database)
    response = await ada.put("/articles/two", {"article": {"title": "ONE", "body": "New."}})
    assert_error(response, 422, TAKEN)
    assert await snapshot(database) == before


@pytest.mark.parametrize("title", ["\U0001f600", "!!!", "\U0001f469\u200d\U0001f4bb \u2764\ufe0f"])
async def test_a_title_without_a_letter_or_digit_is_refused(
    client: AsyncClient, title: str
) -> None:
    ada = await join(client, "ada")
    await ada.write("Hello")
    message = "article.title: needs a letter or digit, to make an address of"
    new = {"title": title, "description": "d", "body": "b"}
    assert_error(await ada.post("/articles", {"article": new}), 422, message)
    response = await ada.put("/articles/hello", {"article": {"title": title}})
    assert_error(response, 422, message)


async def test_an_article_called_feed_can_be_read(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    assert (await ada.write("Feed"))["slug"] == "feed-article"
    assert (await ada.read("feed-article"))["title"] == "Feed"
    assert await ada.listed("/articles/feed") == ([], 0)


async def test_a_removed_article_takes_everything_about_it_along(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await join(client, "ada")
    await ada.write("Kept", tagList=["x"])
    await ada.favorite("kept")
    kept = await snapshot(database)
    await ada.write("Hello", tagList=["x", "y"])
    await ada.favorite("hello")
    await ada.comment("hello", "Fine.")
    await ada.remove("hello")
    assert await snapshot(database) == kept
    for response in (await ada.get("/articles/hello"), await ada.delete("/articles/hello")):
        assert_error(response, 404, MISSING)
    assert (await ada.write("Hello"))["slug"] == "hello"


async def test_a_moderator_removes_what_others_wrote_but_does_not_edit_it(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await join(client, "ada")
    moderator = await join_moderator(client, database)
    await ada.write("Hello")
    response = await moderator.put("/articles/hello", {"article": {"body": "Censored."}})
    assert_error(response, 403, "Only its author can change an article.")
    await moderator.remove("hello")
    assert sizes(await snapshot(database)) == {"users": 2}


async def test_what_is_not_allowed_says_who_may(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    bob = await join(client, "bob")
    await ada.write("Hello")
    refused = await bob.put("/articles/hello", {"article": {"body": "Mine."}})
    assert_error(refused, 403, "Only its author can change an article.")
    refused = await bob.delete("/articles/hello")
    assert_error(refused, 403, "Only its author or a moderator can remove an article.")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PUT", "", {"article": {"body": "b"}}),
        ("DELETE", "", None),
        ("POST", "/favorite", None),
        ("DELETE", "/favorite", None),
        ("GET", "/comments", None),
        ("POST", "/comments", {"comment": {"body": "b"}}),
        ("DELETE", "/comments/1", None),
    ],
)
async def test_an_unknown_slug_is_not_found(
    client: AsyncClient, method: str, path: str, body: object
) -> None:
    ada = await join(client, "ada")
    for slug in ("nowhere", "NOWHERE", "%F0%9F%98%80", "a%2Fb"):
        response = await ada.request(method, f"/articles/{slug}{path}", json=body)
        assert response.status_code == 404, slug
        if "%2F" not in slug:
            assert_error(response, 404, MISSING)
