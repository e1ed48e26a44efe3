"""Lists of articles: which, in which order, how many, and what is shown of each."""

from datetime import UTC, datetime, timedelta

import pytest
from blog import Person, join
from httpx2 import AsyncClient

BEGIN = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def ticking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each article is written a second after the one before."""
    moments = iter(BEGIN + timedelta(seconds=number) for number in range(1000))
    monkeypatch.setattr("app.articles.service.now", lambda: next(moments))


@pytest.fixture
def standing(monkeypatch: pytest.MonkeyPatch) -> None:
    """All articles are written in the same moment."""
    monkeypatch.setattr("app.articles.service.now", lambda: BEGIN)


async def write_many(person: Person, count: int, name: str = "n") -> list[str]:
    """Write articles, and return their slugs, the newest first."""
    return [(await person.write(f"{name} {number}"))["slug"] for number in range(count)][::-1]


async def test_without_articles_a_list_is_empty(client: AsyncClient) -> None:
    assert (await client.get("/api/articles")).json() == {"articles": [], "articlesCount": 0}


async def test_a_listed_article_is_the_article_without_its_body(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    await ada.write("Hello", tagList=["b", "a"])
    await ada.favorite("hello")
    article = await ada.read("hello")
    del article["body"]
    page = (await ada.get("/articles")).json()
    assert page == {"articles": [article], "articlesCount": 1}


@pytest.mark.usefixtures("ticking")
async def test_the_newest_article_comes_first_however_much_older_ones_change(
    client: AsyncClient,
) -> None:
    ada = await join(client, "ada")
    slugs = await write_many(ada, 3)
    await ada.change(slugs[2], body="Changed.")
    await ada.favorite(slugs[2])
    assert await ada.listed() == (slugs, 3)


@pytest.mark.usefixtures("ticking")
async def test_what_is_published_late_comes_first(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    draft = await ada.write("Draft", status="draft")
    await ada.write("Written later, published sooner")
    await ada.change(draft["slug"], status="published")
    assert await ada.listed() == (["draft", "written-later-published-sooner"], 2)


@pytest.mark.usefixtures("standing")
async def test_of_the_same_moment_the_last_comes_first(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    slugs = await write_many(ada, 5)
    assert await ada.listed() == (slugs, 5)
    parts = [(await ada.listed(limit=2, offset=offset))[0] for offset in (0, 2, 4)]
    assert [slug for part in parts for slug in part] == slugs


async def test_a_list_has_twenty_articles_unless_told_and_never_more_than_a_hundred(
    client: AsyncClient,
) -> None:
    ada = await join(client, "ada")
    slugs = await write_many(ada, 103)
    assert await ada.listed() == (slugs[:20], 103)
    assert await ada.listed(limit=1) == (slugs[:1], 103)
    assert await ada.listed(limit=100) == (slugs[:100], 103)
    assert await ada.listed(limit=101) == (slugs[:100], 103)
    assert await ada.listed(limit=2**31 - 1, offset=1) == (slugs[1:101], 103)
    assert await ada.listed(offset=100) == (slugs[100:], 103)


async def test_beyond_the_end_a_list_is_empty_and_still_knows_the_total(
    client: AsyncClient,
) -> None:
    ada = await join(client, "ada")
    bob = await join(client, "bob")
    await ada.follow("bob")
    await write_many(bob, 3, "Dragon")
    for offset in (3, 1000, 2**31 - 1):
        assert await ada.listed(offset=offset) == ([], 3)
        assert await ada.listed("/articles/feed", offset=offset) == ([], 3)
        assert await ada.listed(author="bob", offset=offset) == ([], 3)
        assert await ada.listed(q="dragon", offset=offset) == ([], 3)


async def test_filters_are_met_together(client: AsyncClient) -> None:
    ada = await join(client, "Ada")
    bob = await join(client, "bob")
    await ada.write("A1", tagList=["x", "y"])
    await ada.write("A2", tagList=["x"])
    await bob.write("B1", tagList=["x"])
    await bob.write("B2")
    for slug in ("a1", "b1", "b2"):
        await bob.favorite(slug)
    expected: list[tuple[dict[str, str], list[str]]] = [
        ({"tag": "x"}, ["b1", "a2", "a1"]),
        ({"tag": "y"}, ["a1"]),
        ({"tag": "X"}, []),
        ({"tag": "none"}, []),
        ({"tag": ""}, []),
        ({"author": "Ada"}, ["a2", "a1"]),
        ({"author": "ADA"}, ["a2", "a1"]),
        ({"author": "nobody"}, []),
        ({"author": ""}, []),
        ({"favorited": "bob"}, ["b2", "b1", "a1"]),
        ({"favorited": "BOB"}, ["b2", "b1", "a1"]),
        ({"favorited": "Ada"}, []),
        ({"favorited": "nobody"}, []),
        ({"tag": "x", "author": "ada"}, ["a2", "a1"]),
        ({"tag": "x", "favorited": "bob"}, ["b1", "a1"]),
        ({"author": "ada", "favorited": "bob"}, ["a1"]),
        ({"tag": "y", "author": "ada", "favorited": "bob", "q": "a1"}, ["a1"]),
        ({"tag": "y", "author": "bob"}, []),
        ({"author": "ada", "status": "published"}, ["a2", "a1"]),
        ({"unknown": "filter"}, ["b2", "b1", "a2", "a1"]),
    ]
    found = [(wanted, (await ada.listed(**wanted))[0]) for wanted, _ in expected]
    assert found == expected
    totals = [(await ada.listed(**wanted, limit=1))[1] for wanted, _ in expected]
    assert totals == [len(slugs) for _, slugs in expected]


async def test_a_list_shows_what_the_viewer_favourites_and_whom_they_follow(
    client: AsyncClient,
) -> None:
    ada = await join(client, "ada")
    bob = await join(client, "bob")
    await ada.write("By ada")
    await bob.write("By bob")
    await ada.follow("bob")
    await ada.favorite("by-ada")
    await ada.favorite("by-bob")
    await bob.favorite("by-bob")

    async def seen_by(viewer: Person) -> dict[str, tuple[bool, int, bool]]:
        articles = (await viewer.get("/articles")).json()["articles"]
        alone = [await viewer.read(article["slug"]) for article in articles]
        assert articles == [
            {name: value for name, value in article.items() if name != "body"} for article in alone
        ]
        return {
            article["slug"]: (
                article["favorited"],
                article["favoritesCount"],
                article["author"]["following"],
            )
            for article in articles
        }

    assert await seen_by(ada) == {"by-ada": (True, 1, False), "by-bob": (True, 2, True)}
    assert await seen_by(bob) == {"by-ada": (False, 1, False), "by-bob": (True, 2, False)}
    assert await seen_by(Person(client)) == {
        "by-ada": (False, 1, False),
        "by-bob": (False, 2, False),
    }


@pytest.mark.usefixtures("ticking")
async def test_the_feed_has_the_articles_of_those_one_follows(client: AsyncClient) -> None:
    ada, bob, eve = [await join(client, name) for name in ("ada", "bob", "eve")]
    await bob.write("Bob 1")
    await eve.write("Eve 1")
    await ada.write("Ada 1")
    await bob.write("Bob 2")
    await bob.write("Bob's draft", status="draft")
    assert await ada.listed("/articles/feed") == ([], 0)
    await ada.follow("bob")
    assert await ada.listed("/articles/feed") == (["bob-2", "bob-1"], 2)
    await ada.follow("eve")
    assert await ada.listed("/articles/feed") == (["bob-2", "eve-1", "bob-1"], 3)
    assert await ada.listed("/articles/feed", limit=1, offset=1) == (["eve-1"], 3)
    await ada.unfollow("bob")
    assert await ada.listed("/articles/feed") == (["eve-1"], 1)
    assert await bob.listed("/articles/feed") == ([], 0)


async def test_the_feed_is_capped_like_other_lists(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    bob = await join(client, "bob")
    await ada.follow("bob")
    slugs = await write_many(bob, 102)
    assert await ada.listed("/articles/feed") == (slugs[:20], 102)
    assert await ada.listed("/articles/feed", limit=500) == (slugs[:100], 102)
