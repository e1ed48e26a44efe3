"""Favourites."""

from blog import join
from databases import RolledBack, sizes, snapshot
from httpx2 import AsyncClient


async def test_a_favourite_counts_once_and_can_be_taken_back(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await join(client, "ada")
    bob = await join(client, "bob")
    article = await ada.write("Hello")
    for _ in range(2):
        assert await bob.favorite("hello") == {**article, "favorited": True, "favoritesCount": 1}
    assert await ada.favorite("hello") == {**article, "favorited": True, "favoritesCount": 2}
    assert sizes(await snapshot(database))["favorites"] == 2
    for _ in range(2):
        assert await bob.unfavorite("hello") == {**article, "favoritesCount": 1}
    assert await ada.read("hello") == {**article, "favorited": True, "favoritesCount": 1}
    assert await ada.unfavorite("hello") == article
