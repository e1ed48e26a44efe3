"""Projects: making, reading, listing and changing them."""

from typing import Any

import pytest
from databases import RolledBack, snapshot
from httpx2 import AsyncClient
from team import assert_refused, join, team, took
from wording import PROJECT_KEY, UNKNOWN

NO_PROJECT = "There is no project with this key."
ONE_LINE = "must not be blank, nor contain line breaks or control characters"


async def test_who_makes_a_project_is_its_owner(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    new = {"key": "WEB", "name": "  Website ", "description": "  What people see.\n"}
    made = took(await ada.post("/projects", new), 201)
    assert made == {
        "key": "WEB",
        "name": "Website",
        "description": "  What people see.\n",
        "role": "owner",
        "created_at": made["created_at"],
    }
    assert took(await ada.get("/projects/WEB"), 200) == made
    (member,) = await ada.pages("/projects/WEB/members")
    assert member == {"username": "ada", "role": "owner", "joined_at": member["joined_at"]}


async def test_making_a_project_is_the_beginning_of_its_history(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    await ada.start("WEB", name="Website")
    about = {"actor": "ada", "task": None}
    project, member = await ada.history()
    assert project == {
        **about,
        "id": 1,
        "at": project["at"],
        "kind": "project.created",
        "subject": "WEB",
        "changes": {"key": [None, "WEB"], "name": [None, "Website"], "description": [None, ""]},
    }
    assert member == {
        **about,
        "id": 2,
        "at": member["at"],
        "kind": "member.joined",
        "subject": "ada",
        "changes": {"role": [None, "owner"]},
    }


async def test_a_key_is_taken_once_also_by_a_project_that_one_cannot_see(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, bob = await join(client, "ada"), await join(client, "bob")
    await ada.start()
    before = await snapshot(database)
    for person in (ada, bob):
        response = await person.post("/projects", {"key": "WEB", "name": "Mine"})
        sentence = "There is a project with this key already."
        assert_refused(response, 409, "key_taken", sentence)
    assert await snapshot(database) == before


@pytest.mark.parametrize(
    "key", ["", "W", "web", "1WEB", "WE B", "WEB-1", "WEB\n", "W\u00cbB", "ABCDEFGHIJK"]
)
async def test_a_key_is_short_and_in_capitals(
    client: AsyncClient, database: RolledBack, key: str
) -> None:
    ada = await join(client, "ada")
    before = await snapshot(database)
    response = await ada.post("/projects", {"key": key, "name": "Website"})
    too_long = "String should have at most 10 characters"
    assert_refused(response, 422, "invalid", key=too_long if len(key) > 10 else PROJECT_KEY)
    assert await snapshot(database) == before


@pytest.mark.parametrize("key", ["AB", "A1", "ABCDEFGHIJ", "Z999999999"])
async def test_a_key_has_two_to_ten_letters_and_digits(client: AsyncClient, key: str) -> None:
    ada = await join(client, "ada")
    assert (await ada.start(key))["key"] == key


async def test_a_list_has_the_projects_that_somebody_is_in_by_their_keys(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, bob = await team(client, database, ada="owner", bob="viewer")
    for key in ("OPS", "APP", "TEST"):
        await ada.start(key)
    mine = await bob.start("BOB")
    assert await bob.pages("/projects") == [
        mine,
        {**took(await ada.get("/projects/WEB"), 200), "role": "viewer"},
    ]
    keys = ["APP", "OPS", "TEST", "WEB"]
    for limit in (1, 2, 3, 4, 50):
        assert [each["key"] for each in await ada.pages("/projects", limit=limit)] == keys
    page = took(await ada.get("/projects", limit=4), 200)
    assert page["next"] is None


async def test_who_is_in_no_project_has_an_empty_list(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    assert took(await ada.get("/projects"), 200) == {"items": [], "next": None}


async def test_a_page_of_another_list_is_refused(client: AsyncClient, database: RolledBack) -> None:
    ada, _ = await team(client, database, ada="owner", bob="viewer")
    members = took(await ada.get("/projects/WEB/members", limit=1), 200)
    for cursor in (members["next"], "x", "W10", "WyJXRUIiLDFd"):
        response = await ada.get("/projects", cursor=cursor)
        assert_refused(response, 422, "invalid", cursor="is not a `next` of this list")


async def test_what_changes_in_a_project_is_in_its_history(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    made = await ada.start("WEB", name="Website", description="Old")
    changed = took(await ada.patch("/projects/WEB", {"name": " New ", "description": "Old"}), 200)
    assert changed == {**made, "name": "New"}
    assert took(await ada.get("/projects/WEB"), 200) == changed
    entry = (await ada.history())[2]
    assert entry == {
        "id": 3,
        "at": entry["at"],
        "actor": "ada",
        "kind": "project.changed",
        "task": None,
        "subject": "WEB",
        "changes": {"name": ["Website", "New"]},
    }
    took(await ada.patch("/projects/WEB", {"description": ""}), 200)
    assert (await ada.history())[3]["changes"] == {"description": ["Old", ""]}


async def test_what_is_as_before_is_no_change(client: AsyncClient, database: RolledBack) -> None:
    ada = await join(client, "ada")
    made = await ada.start("WEB", name="Website", description="Old")
    before = await snapshot(database)
    for same in ({"name": "Website"}, {"name": " Website", "description": "Old"}):
        assert took(await ada.patch("/projects/WEB", same), 200) == made
    assert await snapshot(database) == before


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"body": "at least one field is required"}),
        ({"name": " "}, {"name": ONE_LINE}),
        ({"name": "x" * 101}, {"name": "String should have at most 100 characters"}),
        ({"name": "x", "key": "NEW"}, {"key": UNKNOWN}),
        ({"description": "\0"}, {"description": "must not contain the character NUL"}),
    ],
    ids=["nothing", "blank", "long", "key", "NUL"],
)
async def test_what_a_project_cannot_become_is_refused(
    client: AsyncClient, database: RolledBack, body: Any, fields: dict[str, str]
) -> None:
    ada = await join(client, "ada")
    await ada.start()
    before = await snapshot(database)
    assert_refused(await ada.patch("/projects/WEB", body), 422, "invalid", **fields)
    assert await snapshot(database) == before


async def test_projects_are_changed_by_maintainers_and_owners(
    client: AsyncClient, database: RolledBack
) -> None:
    people = await team(client, database, ada="owner", mia="maintainer", mel="member", vic="viewer")
    ada, mia, *others = people
    for person, role in zip(others, ("member", "viewer"), strict=True):
        response = await person.patch("/projects/WEB", {"name": person.name})
        sentence = f"You are a {role} in this project; this takes a maintainer. Ask an owner."
        assert_refused(response, 403, "permission_denied", sentence)
    changed = took(await mia.patch("/projects/WEB", {"name": "Hers"}), 200)
    assert changed == {**took(await ada.get("/projects/WEB"), 200), "role": "maintainer"}
    assert changed["name"] == "Hers"


async def test_a_stranger_learns_nothing_of_a_project(client: AsyncClient) -> None:
    ada, eve = await join(client, "ada"), await join(client, "eve")
    await ada.start()
    for key in ("WEB", "NONE"):
        answers = [
            await eve.get(f"/projects/{key}"),
            await eve.patch(f"/projects/{key}", {"name": "Hers"}),
            await eve.delete(f"/projects/{key}"),
        ]
        for response in answers:
            assert_refused(response, 404, "no_project", NO_PROJECT)
    assert await eve.pages("/projects") == []
