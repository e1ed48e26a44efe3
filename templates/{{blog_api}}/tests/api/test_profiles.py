"""Profiles and following."""

import pytest
from blog import Person, assert_error, join
from databases import RolledBack, sizes, snapshot
from httpx2 import AsyncClient

MISSING = "There is no user with this name."


async def test_a_profile_shows_what_others_may_know(client: AsyncClient) -> None:
    ada = await join(client, "Ada")
    await ada.put("/user", {"user": {"bio": "I write.", "image": "https://example.com/a.png"}})
    profile = {
        "username": "Ada",
        "bio": "I write.",
        "image": "https://example.com/a.png",
        "following": False,
    }
    for name in ("Ada", "ada", "ADA"):
        assert await Person(client).profile(name) == profile


async def test_following_is_shown_to_who_follows_and_to_nobody_else(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await join(client, "ada")
    bob = await join(client, "bob")
    profile = await ada.profile("bob")
    followed = {**profile, "following": True}
    for name in ("bob", "BOB"):
        assert await ada.follow(name) == followed
    assert await ada.profile("bob") == followed
    assert await bob.profile("bob") == profile
    assert await Person(client).profile("bob") == profile
    assert (await bob.profile("ada"))["following"] is False
    assert sizes(await snapshot(database)) == {"users": 2, "follows": 1}
    for _ in range(2):
        assert await ada.unfollow("bob") == profile
    assert sizes(await snapshot(database)) == {"users": 2}


async def test_nobody_follows_themselves(client: AsyncClient, database: RolledBack) -> None:
    ada = await join(client, "ada")
    for name in ("ada", "ADA"):
        response = await ada.post(f"/profiles/{name}/follow")
        assert_error(response, 422, "username: you cannot follow yourself")
    assert sizes(await snapshot(database)) == {"users": 1}


@pytest.mark.parametrize("name", ["nobody", "a" * 200, "%20", "%F0%9F%98%80", "..%2e"])
async def test_an_unknown_name_is_not_found(client: AsyncClient, name: str) -> None:
    ada = await join(client, "ada")
    assert_error(await Person(client).get(f"/profiles/{name}"), 404, MISSING)
    assert_error(await ada.post(f"/profiles/{name}/follow"), 404, MISSING)
    assert_error(await ada.delete(f"/profiles/{name}/follow"), 404, MISSING)


@pytest.mark.parametrize("name", ["Ada Lovelace", "Ådä.-_", "李小龍", "1"])
async def test_a_name_of_any_script_is_a_part_of_an_address(client: AsyncClient, name: str) -> None:
    response = await client.post(
        "/api/users",
        json={"user": {"username": name, "email": "a@example.com", "password": "a password"}},
    )
    assert response.status_code == 201
    assert (await Person(client).profile(name))["username"] == name
