"""Comments."""

import pytest
from blog import Person, assert_error, join, join_moderator
from databases import RolledBack, sizes, snapshot
from httpx2 import AsyncClient
from sqlalchemy import select

from app.comments.models import Comment

MISSING = "There is no comment with this number on this article."


async def test_a_comment_comes_back_as_it_was_written(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    bob = await join(client, "bob")
    await ada.write("Hello")
    comment = await bob.comment("hello", "  Fine.\n\n    code\n")
    assert comment == {
        "id": comment["id"],
        "createdAt": comment["createdAt"],
        "updatedAt": comment["createdAt"],
        "body": "  Fine.\n\n    code\n",
        "author": {"username": "bob", "bio": "", "image": "", "following": False},
    }
    assert await Person(client).comments("hello") == [comment]
    await ada.follow("bob")
    (seen,) = await ada.comments("hello")
    assert seen == {**comment, "author": {**comment["author"], "following": True}}


async def test_the_last_comment_comes_first_and_a_part_can_be_asked_for(
    client: AsyncClient,
) -> None:
    ada = await join(client, "ada")
    await ada.write("Hello")
    await ada.write("Other")
    await ada.comment("other", "Elsewhere.")
    ids = [(await ada.comment("hello", f"Number {number}."))["id"] for number in range(5)][::-1]
    assert [comment["id"] for comment in await ada.comments("hello")] == ids
    part = await ada.comments("hello", limit=2, offset=1)
    assert [comment["id"] for comment in part] == ids[1:3]
    assert await ada.comments("hello", offset=5) == []


async def test_five_hundred_comments_come_at_the_most(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await join(client, "ada")
    await ada.write("Hello")
    await ada.comment("hello", "Number 0.")
    async with database.session() as session:
        (first,) = await session.scalars(select(Comment))
        values = {"article_id": first.article_id, "author_id": first.author_id}
        session.add_all(Comment(body=f"Number {number}.", **values) for number in range(1, 502))
        await session.commit()
    for parameters in ({}, {"limit": 501}, {"limit": 2**31 - 1}):
        found = [comment["body"] for comment in await ada.comments("hello", **parameters)]
        assert found == [f"Number {number}." for number in range(501, 1, -1)]
    rest = [comment["body"] for comment in await ada.comments("hello", offset=500)]
    assert rest == ["Number 1.", "Number 0."]


async def test_a_comment_is_removed_by_its_author_or_a_moderator_alone(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, bob = await join(client, "ada"), await join(client, "bob")
    moderator = await join_moderator(client, database)
    await ada.write("Hello")
    paths = [f"/articles/hello/comments/{(await bob.comment('hello', 'x'))['id']}" for _ in "12"]
    # Not even the author of the article.
    refused = await ada.delete(paths[0])
    assert_error(refused, 403, "Only its author or a moderator can remove a comment.")
    assert len(await ada.comments("hello")) == 2
    assert (await bob.delete(paths[0])).status_code == 204
    assert (await moderator.delete(paths[1])).status_code == 204
    assert await ada.comments("hello") == []
    assert_error(await bob.delete(paths[0]), 404, MISSING)


@pytest.mark.parametrize("number", [1, 2**31, 2**63 - 1])
async def test_a_comment_that_is_not_there_is_not_found(client: AsyncClient, number: int) -> None:
    ada = await join(client, "ada")
    await ada.write("Hello")
    assert_error(await ada.delete(f"/articles/hello/comments/{number}"), 404, MISSING)


async def test_a_comment_belongs_to_one_article(client: AsyncClient, database: RolledBack) -> None:
    ada = await join(client, "ada")
    await ada.write("Hello")
    await ada.write("Other")
    comment = await ada.comment("hello", "Fine.")
    assert_error(await ada.delete(f"/articles/other/comments/{comment['id']}"), 404, MISSING)
    assert sizes(await snapshot(database))["comments"] == 1
