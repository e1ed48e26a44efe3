"""A draft kept its address from others, who learned of it when theirs was refused.

And an article that was taken back and published again came to the top of every list.
"""

from blog import join
from httpx2 import AsyncClient


async def test_a_draft_keeps_no_address_from_others_and_cannot_be_guessed(
    client: AsyncClient,
) -> None:
    ada, bob = await join(client, "ada"), await join(client, "bob")
    draft = await ada.write("Merger with Acme", status="draft")

    assert (await bob.write("Merger with Acme"))["slug"] == "merger-with-acme"

    assert draft["slug"].startswith("merger-with-acme-")
    refused = await ada.put(f"/articles/{draft['slug']}", {"article": {"status": "published"}})
    assert refused.status_code == 422
    assert (await ada.read(draft["slug"]))["status"] == "draft"


async def test_a_draft_gets_the_address_of_its_title_when_it_is_published(
    client: AsyncClient,
) -> None:
    ada = await join(client, "ada")
    draft = await ada.write("Hello", status="draft")
    edited = await ada.change(draft["slug"], title="Hello", body="Better.", status="draft")
    assert edited["slug"] == draft["slug"]

    assert (await ada.change(draft["slug"], status="published"))["slug"] == "hello"

    assert (await ada.get(f"/articles/{draft['slug']}")).status_code == 404


async def test_who_publishes_again_does_not_come_to_the_top(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    await ada.write("First")
    await ada.write("Second")
    taken_back = await ada.change("first", status="draft")
    await ada.change(taken_back["slug"], status="published")

    assert await ada.listed() == (["second", "first"], 2)
