"""Members: who they are, and what they become."""

from typing import Any

import pytest
from databases import RolledBack, snapshot
from httpx2 import AsyncClient
from team import Person, alone, assert_refused, invite, join, team, took

NO_MEMBER = "There is no member of this name in this project."


async def change(person: Person, name: str, role: str) -> Any:
    return await person.patch(f"/projects/WEB/members/{name}", {"role": role})


async def test_members_are_listed_by_their_names(client: AsyncClient, database: RolledBack) -> None:
    ada, *_, vic = await team(
        client, database, ada="owner", Zoe="member", bob="maintainer", vic="viewer"
    )
    members = took(await vic.get("/projects/WEB/members"), 200)
    times = [member["joined_at"] for member in members["items"]]
    names = {"ada": "owner", "bob": "maintainer", "vic": "viewer", "Zoe": "member"}
    assert members == {
        "items": [
            {"username": name, "role": role, "joined_at": time}
            for (name, role), time in zip(names.items(), times, strict=True)
        ],
        "next": None,
    }
    for limit in (1, 2, 3, 4):
        pages = await ada.pages("/projects/WEB/members", limit=limit)
        assert pages == members["items"]


async def test_an_owner_gives_any_role(client: AsyncClient, database: RolledBack) -> None:
    ada, bob = await team(client, database, ada="owner", bob="viewer")
    before = took(await ada.get("/projects/WEB/members"), 200)["items"][1]
    for role in ("member", "maintainer", "owner", "viewer"):
        assert took(await change(ada, "bob", role), 200) == {**before, "role": role}
        assert took(await bob.get("/projects/WEB"), 200)["role"] == role
    entries = [each for each in await ada.history() if each["kind"] == "member.changed"]
    assert [(each["actor"], each["subject"], each["changes"]) for each in entries] == [
        ("ada", "bob", {"role": [before, after]})
        for before, after in (
            ("viewer", "member"),
            ("member", "maintainer"),
            ("maintainer", "owner"),
            ("owner", "viewer"),
        )
    ]


async def test_the_same_role_again_is_no_change(client: AsyncClient, database: RolledBack) -> None:
    ada, _ = await team(client, database, ada="owner", bob="viewer")
    before = await snapshot(database)
    for name, role in (("bob", "viewer"), ("ada", "owner")):
        assert took(await change(ada, name, role), 200)["role"] == role
    assert await snapshot(database) == before


async def test_a_maintainer_decides_about_viewers_and_members_only(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, mia, *_ = await team(
        client, database, ada="owner", mia="maintainer", max="maintainer", mel="member"
    )
    assert took(await change(mia, "mel", "viewer"), 200)["role"] == "viewer"
    assert took(await change(mia, "mel", "member"), 200)["role"] == "member"
    before = await snapshot(database)
    sentence = "You are a maintainer in this project, and do not decide who is {}. Ask an owner."
    maintainer, owner = sentence.format("a maintainer"), sentence.format("an owner")
    for name, role, refusal in (
        ("mel", "maintainer", maintainer),
        ("mel", "owner", owner),
        ("max", "member", maintainer),
        ("ada", "member", owner),
        ("mia", "owner", maintainer),
        ("mia", "member", maintainer),
    ):
        assert_refused(await change(mia, name, role), 403, "permission_denied", refusal)
    for name, refusal in (("max", maintainer), ("ada", owner)):
        response = await mia.delete(f"/projects/WEB/members/{name}")
        assert_refused(response, 403, "permission_denied", refusal)
    assert await snapshot(database) == before
    assert (await mia.delete("/projects/WEB/members/mel")).status_code == 204
    assert await ada.roles() == {"ada": "owner", "max": "maintainer", "mia": "maintainer"}


@pytest.mark.parametrize("role", ["member", "viewer"])
async def test_others_decide_about_nobody_and_may_leave(
    client: AsyncClient, database: RolledBack, role: str
) -> None:
    ada, bob, _ = await team(client, database, ada="owner", bob=role, vic="viewer")
    before = await snapshot(database)
    for name in ("bob", "vic"):
        sentence = f"You are a {role} in this project; this takes a maintainer. Ask an owner."
        assert_refused(await change(bob, name, "owner"), 403, "permission_denied", sentence)
    sentence = (
        f"You are a {role} in this project, and do not decide who is a viewer. Ask an owner or a"
        " maintainer."
    )
    response = await bob.delete("/projects/WEB/members/vic")
    assert_refused(response, 403, "permission_denied", sentence)
    assert await snapshot(database) == before
    await bob.leave()
    assert await ada.roles() == {"ada": "owner", "vic": "viewer"}


async def test_a_member_is_found_by_their_name_in_any_capitals(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await alone(client)
    await invite(ada, database, await join(client, "Bob"))
    assert took(await change(ada, "bOB", "viewer"), 200)["username"] == "Bob"
    assert (await ada.delete("/projects/WEB/members/BOB")).status_code == 204


@pytest.mark.parametrize("name", ["bob", "nobody", "%00", "x" * 201])
async def test_who_is_not_a_member_cannot_be_changed_or_removed(
    client: AsyncClient, database: RolledBack, name: str
) -> None:
    ada, _ = await join(client, "ada"), await join(client, "bob")
    await ada.start()
    before = await snapshot(database)
    for response in (
        await change(ada, name, "viewer"),
        await ada.delete(f"/projects/WEB/members/{name}"),
    ):
        if name in {"bob", "nobody"}:
            assert_refused(response, 404, "no_member", NO_MEMBER)
        else:
            assert response.status_code == 422
    assert await snapshot(database) == before


@pytest.mark.parametrize("body", [{}, {"role": "king"}, {"role": None}, {"role": "OWNER"}, []])
async def test_a_role_is_one_of_four(client: AsyncClient, database: RolledBack, body: Any) -> None:
    ada, _ = await team(client, database, ada="owner", bob="viewer")
    before = await snapshot(database)
    response = await ada.patch("/projects/WEB/members/bob", body)
    assert response.status_code == 422
    assert await snapshot(database) == before
