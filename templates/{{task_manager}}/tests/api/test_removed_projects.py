"""Projects that were removed: gone for everybody, but for their history and their key."""

from databases import RolledBack, snapshot
from httpx2 import AsyncClient
from sqlalchemy import select
from team import assert_refused, join, team

from app.activity.models import Activity

NO_PROJECT = "There is no project with this key."


async def test_only_an_owner_removes_a_project(client: AsyncClient, database: RolledBack) -> None:
    people = await team(client, database, ada="owner", mia="maintainer", mel="member", vic="viewer")
    before = await snapshot(database)
    for person, role in zip(people[1:], ("maintainer", "member", "viewer"), strict=True):
        sentence = f"You are a {role} in this project; this takes an owner. Ask an owner."
        response = await person.delete("/projects/WEB")
        assert_refused(response, 403, "permission_denied", sentence)
    assert await snapshot(database) == before
    assert (await people[0].delete("/projects/WEB")).status_code == 204


async def test_a_project_that_was_removed_is_there_for_nobody(
    client: AsyncClient, database: RolledBack
) -> None:
    ada, bob = await team(client, database, ada="owner", bob="member")
    key = await ada.add("Something", assignee="bob")
    assert (await ada.delete("/projects/WEB")).status_code == 204
    for person in (ada, bob):
        assert await person.pages("/projects") == []
        assert await person.pages("/notifications") == []
        for path in ("", "/members", "/tasks", "/activity", "/invitations"):
            response = await person.get(f"/projects/WEB{path}")
            assert_refused(response, 404, "no_project", NO_PROJECT)
        for path in ("", "/comments", "/activity"):
            assert_refused(await person.get(f"/tasks/{key}{path}"), 404, "no_task")
        assert_refused(await person.post("/projects/WEB/tasks", {"title": "x"}), 404, "no_project")
        assert_refused(await person.delete("/projects/WEB"), 404, "no_project", NO_PROJECT)


async def test_the_history_of_a_project_stays_and_its_key_is_never_free_again(
    client: AsyncClient, database: RolledBack
) -> None:
    ada = await join(client, "ada")
    await ada.start("WEB", name="Website")
    await ada.delete("/projects/WEB")
    for person in (ada, await join(client, "bob")):
        response = await person.post("/projects", {"key": "WEB", "name": "Website"})
        assert_refused(response, 409, "key_taken", "There is a project with this key already.")
    async with database.session() as session:
        rows = (await session.scalars(select(Activity).order_by(Activity.seq))).all()
    assert [row.kind for row in rows] == ["project.created", "member.joined", "project.removed"]
    assert rows[2].changes == {
        "key": ["WEB", None],
        "name": ["Website", None],
        "description": ["", None],
    }
