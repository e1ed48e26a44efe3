"""Registration and the current user."""

import pytest
from blog import Person, assert_error, join
from databases import RolledBack, sizes, snapshot
from httpx2 import AsyncClient
from joining import PASSWORD, register, sign_in


async def test_registering_gives_an_account_and_a_token_that_works(client: AsyncClient) -> None:
    response = await register(client, "Ada Lovelace", email="Ada@Example.com")
    user = response.json()["user"]
    assert response.status_code == 201
    assert user == {
        "username": "Ada Lovelace",
        "email": "ada@example.com",
        "bio": "",
        "image": "",
        "token": user["token"],
    }
    current = (await Person(client, token=user["token"]).get("/user")).json()["user"]
    assert current == {**user, "token": current["token"]}


async def test_a_password_is_stored_as_a_hash_only(
    client: AsyncClient, database: RolledBack
) -> None:
    await join(client, "ada")
    (stored,) = (await snapshot(database))["users"]
    assert PASSWORD not in stored
    assert "$argon2id$" in stored


@pytest.mark.parametrize(
    "taken",
    ["ada", "ADA", "Ada", "\uff21\uff44\uff41"],
    ids=["the same", "capitals", "one capital", "wide letters"],
)
async def test_a_taken_name_is_refused_and_nothing_is_written(
    client: AsyncClient, database: RolledBack, taken: str
) -> None:
    await join(client, "ada")
    response = await register(client, taken, email="other@example.com")
    assert_error(response, 422, "username: has already been taken")
    assert sizes(await snapshot(database)) == {"users": 1}


@pytest.mark.parametrize("taken", ["ada@example.com", "ADA@Example.COM"])
async def test_a_taken_address_is_refused_and_nothing_is_written(
    client: AsyncClient, database: RolledBack, taken: str
) -> None:
    await join(client, "ada")
    response = await register(client, "other", email=taken)
    assert_error(response, 422, "email: has already been taken")
    assert sizes(await snapshot(database)) == {"users": 1}


@pytest.mark.parametrize(
    "changed",
    [
        {"bio": "I write."},
        {"image": "https://example.com/ada.png"},
        {"email": "new@example.com"},
        {"username": "Countess"},
        {"username": "ADA"},
        {"bio": "Both.", "username": "Countess"},
    ],
    ids=str,
)
async def test_a_change_changes_what_it_names_and_nothing_else(
    client: AsyncClient, changed: dict[str, str]
) -> None:
    ada = await join(client, "ada")
    before = {"username": "ada", "email": "ada@example.com", "bio": "", "image": ""}
    user = (await ada.put("/user", {"user": changed})).json()["user"]
    assert user == {**before, **changed, "token": user["token"]}
    profile = await ada.profile(user["username"])
    assert profile == {
        "username": user["username"],
        "bio": user["bio"],
        "image": user["image"],
        "following": False,
    }


async def test_what_is_null_is_taken_away_where_that_makes_sense(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    await ada.put("/user", {"user": {"bio": "I write.", "image": "https://example.com/a.png"}})
    nothing = dict.fromkeys(("bio", "image", "username", "email", "password"))
    response = await ada.put("/user", {"user": nothing})
    user = response.json()["user"]
    assert (user["username"], user["email"]) == ("ada", "ada@example.com")
    assert (user["bio"], user["image"]) == ("", "")
    assert (await sign_in(client, "ada")).status_code == 200


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"username": "BOB"}, "username: has already been taken"),
        ({"email": "Bob@example.com"}, "email: has already been taken"),
    ],
)
async def test_nobody_can_take_what_is_somebody_elses(
    client: AsyncClient, database: RolledBack, change: dict[str, str], message: str
) -> None:
    ada = await join(client, "ada")
    await join(client, "bob")
    before = await snapshot(database)
    response = await ada.put("/user", {"user": {"bio": "New.", **change}})
    assert_error(response, 422, message)
    assert await snapshot(database) == before


async def test_a_new_password_revokes_all_tokens_and_only_it_signs_in(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    other_device = Person(client, token=(await sign_in(client, "ada")).json()["user"]["token"])
    response = await ada.put("/user", {"user": {"password": "a new one, and long"}})
    fresh = Person(client, token=response.json()["user"]["token"])
    for revoked in (ada, other_device):
        assert_error(await revoked.get("/user"), 401, "The token has been revoked. Sign in again.")
    assert (await fresh.get("/user")).status_code == 200
    assert (await sign_in(client, "ada")).status_code == 401
    assert (await sign_in(client, "ada", "a new one, and long")).status_code == 200


async def test_articles_and_tokens_survive_a_change_of_name(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    await ada.write("Hello")
    await ada.put("/user", {"user": {"username": "countess"}})
    assert (await ada.read("hello"))["author"]["username"] == "countess"
    assert await ada.listed(author="countess") == (["hello"], 1)
    assert await ada.listed(author="ada") == ([], 0)
