"""Tags."""

from blog import join
from httpx2 import AsyncClient


async def test_tags_are_those_of_published_articles_the_most_used_first(
    client: AsyncClient,
) -> None:
    assert (await client.get("/api/tags")).json() == {"tags": []}
    ada = await join(client, "ada")
    await ada.write("One", tagList=["rare", "common"])
    await ada.write("Two", tagList=["common", "Ärger", "Zoo", "apple"])
    await ada.write("Three", tagList=["unseen", "common", "rare"], status="draft")
    tags = ["common", "Zoo", "apple", "rare", "Ärger"]
    assert (await client.get("/api/tags")).json() == {"tags": tags}


async def test_a_tag_is_gone_with_its_last_article(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    await ada.write("One", tagList=["x", "y"])
    await ada.write("Two", tagList=["x"])
    await ada.remove("one")
    assert (await client.get("/api/tags")).json() == {"tags": ["x"]}
    await ada.change("two", tagList=[])
    assert (await client.get("/api/tags")).json() == {"tags": []}


async def test_tags_are_trimmed_and_each_is_there_once(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    article = await ada.write("One", tagList=["  b  ", "b", "a b", "B"])
    assert article["tagList"] == ["B", "a b", "b"]
