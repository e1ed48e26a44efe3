"""Leaving a project, and being removed from it."""

from databases import RolledBack, snapshot
from httpx2 import AsyncClient
from team import assert_refused, invite, team, took

LAST_OWNER = "A project needs an owner. Make somebody else one first."


async def test_the_last_owner_stays_one(client: AsyncClient, database: RolledBack) -> None:
    ada, bob = await team(client, database, ada="owner", bob="maintainer")
    before = await snapshot(database)
    for response in (
        await ada.delete("/projects/WEB/members/ada"),
        await ada.patch("/projects/WEB/members/ada", {"role": "maintainer"}),
    ):
        assert_refused(response, 409, "last_owner", LAST_OWNER)
    assert await snapshot(database) == before
    took(await ada.patch("/projects/WEB/members/bob", {"role": "owner"}), 200)
    took(await ada.patch("/projects/WEB/members/ada", {"role": "viewer"}), 200)
    await ada.leave()
    response = await bob.delete("/projects/WEB/members/bob")
    assert_refused(response, 409, "last_owner", LAST_OWNER)
    assert await bob.roles() == {"bob": "owner"}


async def test_who_leaves_is_out_and_the_history_says_so(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, bob = await team(client, database, ada="owner", bob="member")
    await bob.leave()
    assert_refused(await bob.get("/projects/WEB"), 404, "no_project")
    assert await bob.pages("/projects") == []
    entry = (await ada.history())[-1]
    assert entry == {
        "id": entry["id"],
        "at": entry["at"],
        "actor": "bob",
        "kind": "member.left",
        "task": None,
        "subject": "bob",
        "changes": {"role": ["member", None]},
    }


async def test_who_is_removed_is_out_and_may_be_invited_again(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, bob = await team(client, database, ada="owner", bob="owner")
    assert (await ada.delete("/projects/WEB/members/bob")).status_code == 204
    assert_refused(await bob.get("/projects/WEB"), 404, "no_project")
    entry = (await ada.history())[-1]
    left = (entry["actor"], entry["kind"], entry["subject"], entry["changes"])
    assert left == ("ada", "member.left", "bob", {"role": ["owner", None]})
    await invite(ada, database, bob, "viewer")
    assert await bob.roles() == {"ada": "owner", "bob": "viewer"}


async def test_tasks_of_who_leaves_are_nobodys_then(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, bob = await team(client, database, ada="owner", bob="member")
    await ada.start("OPS")
    await invite(ada, database, bob, project="OPS")
    mine = await ada.add("Mine", assignee="ada")
    his = [await ada.add("His", assignee="bob"), await bob.add("His too", assignee="bob")]
    elsewhere = await ada.add("Elsewhere", project="OPS", assignee="bob")
    tasks = {key: await ada.read(key) for key in (mine, *his, elsewhere)}
    etag = await bob.etag(his[0])
    await bob.leave()
    *_, first, second, left = await ada.history()
    assert left["kind"] == "member.left"
    for key, entry in zip(his, (first, second), strict=True):
        assert entry == {
            "id": entry["id"],
            "at": entry["at"],
            "actor": "bob",
            "kind": "task.changed",
            "task": key,
            "subject": key,
            "changes": {"assignee": ["bob", None]},
        }
        assert (await ada.history(f"/tasks/{key}"))[-1] == entry
        task = await ada.read(key)
        assert task == {
            **tasks[key],
            "assignee": None,
            "version": 2,
            "updated_at": task["updated_at"],
        }
        assert task["updated_at"] >= tasks[key]["updated_at"]
    assert [await ada.read(key) for key in (mine, elsewhere)] == [tasks[mine], tasks[elsewhere]]
    stale = await ada.patch(f"/tasks/{his[0]}", {"title": "x"}, **{"If-Match": etag})
    assert_refused(stale, 412, "stale")
