"""Members who come, go and change at the same moment, on a database that is committed to."""

from collections import Counter

import anyio
import pytest
from databases import sizes, snapshot
from httpx2 import AsyncClient, Response
from racing import Request, at_once
from sqlalchemy import delete, select, update
from team import Person, assert_refused, invite, team
from waiting import until_somebody_waits

from app.core.database import Database
from app.core.models import now
from app.projects.models import Member, Project
from app.users.models import User

ROUNDS = 5


async def test_of_two_owners_who_leave_at_once_one_stays(
    own_client: AsyncClient, own_database: Database
) -> None:
    people = await team(own_client, own_database, ada="owner", bob="owner")
    for project in await projects(own_database, *people):
        statuses = await at_once([leaving(person, project) for person in people])
        assert sorted(statuses) == [204, 409]
        stays = people[statuses.index(409)]
        assert await stays.roles(project) == {stays.name: "owner"}


async def test_of_two_owners_who_demote_each_other_one_stays(
    own_client: AsyncClient, own_database: Database
) -> None:
    ada, bob = await team(own_client, own_database, ada="owner", bob="owner")
    for project in await projects(own_database, ada, bob):
        statuses = await at_once(
            [giving(ada, bob, "viewer", project), giving(bob, ada, "viewer", project)]
        )
        # Who was late is no owner any more.
        assert sorted(statuses) == [200, 403]
        stays, went = (ada, bob) if statuses[0] == 200 else (bob, ada)
        assert await stays.roles(project) == {stays.name: "owner", went.name: "viewer"}


async def test_of_two_owners_who_become_less_at_once_one_stays(
    own_client: AsyncClient, own_database: Database
) -> None:
    ada, bob = await team(own_client, own_database, ada="owner", bob="owner")
    for project in await projects(own_database, ada, bob):
        statuses = await at_once(
            [giving(ada, ada, "member", project), giving(bob, bob, "member", project)]
        )
        assert sorted(statuses) == [200, 409]
        assert Counter((await ada.roles(project)).values()) == {"owner": 1, "member": 1}


async def test_a_project_without_an_owner_does_not_come_about_in_a_crowd(
    own_client: AsyncClient, own_database: Database
) -> None:
    roles = dict.fromkeys(("ada", "bob", "cem", "dan", "eva"), "owner")
    people = await team(own_client, own_database, **roles)
    statuses = await at_once([leaving(person, "WEB") for person in people])
    assert Counter(statuses) == {204: len(people) - 1, 409: 1}
    stays = people[statuses.index(409)]
    assert await stays.roles() == {stays.name: "owner"}


async def test_who_works_while_they_are_demoted_is_done_before_or_refused(
    own_client: AsyncClient, own_database: Database
) -> None:
    ada, bob = await team(own_client, own_database, ada="owner", bob="member")

    async def adds() -> Response:
        return await bob.post("/projects/WEB/tasks", {"title": "Something"})

    requests = [adds, adds, giving(ada, bob, "viewer", "WEB"), adds, adds]
    statuses = await at_once(requests)
    assert statuses.pop(2) == 200
    assert set(statuses) <= {201, 403}
    assert sizes(await snapshot(own_database)).get("tasks", 0) == statuses.count(201)
    kinds = [entry["kind"] for entry in await ada.history()]
    assert "task.created" not in kinds[kinds.index("member.changed") :]


REQUESTS = {
    "add a task": ("POST", "/projects/WEB/tasks", {"title": "Late"}),
    "comment": ("POST", "/tasks/WEB-1/comments", {"body": "Late"}),
    "change a task": ("PATCH", "/tasks/WEB-1", {"title": "Late"}),
    "invite": ("POST", "/projects/WEB/invitations", {"email": "eve@example.com"}),
    "change the project": ("PATCH", "/projects/WEB", {"name": "Late"}),
    "give a role": ("PATCH", "/projects/WEB/members/bob", {"role": "viewer"}),
    "remove the project": ("DELETE", "/projects/WEB", None),
}


@pytest.mark.parametrize("meanwhile", ["demoted", "removed", "project removed"])
@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
async def test_what_happened_while_a_request_waited_for_the_project_counts(
    own_client: AsyncClient,
    own_database: Database,
    request_: tuple[str, str, dict[str, str] | None],
    meanwhile: str,
) -> None:
    ada, _bob = await team(own_client, own_database, ada="owner", bob="owner")
    await ada.add()
    method, path, body = request_
    responses: list[Response] = []

    async def ask() -> None:
        options = {} if body is None else {"json": body}
        response = await ada.request(method, path, headers={"If-Match": "*"}, **options)
        responses.append(response)

    async with own_database.session() as session, anyio.create_task_group() as group:
        query = select(Project).where(Project.key == "WEB").with_for_update()
        project = (await session.scalars(query)).one()
        group.start_soon(ask)
        await until_somebody_waits(own_database)
        of_ada = select(User.id).where(User.username == "ada").scalar_subquery() == Member.user_id
        if meanwhile == "demoted":
            await session.execute(update(Member).where(of_ada).values(role="viewer"))
        elif meanwhile == "removed":
            await session.execute(delete(Member).where(of_ada))
        else:
            project.removed_at = now()
        await session.commit()
        written = await snapshot(own_database)
    (response,) = responses
    if meanwhile == "demoted":
        assert_refused(response, 403, "permission_denied")
    else:
        assert_refused(response, 404, "no_task" if path.startswith("/tasks") else "no_project")
    assert await snapshot(own_database) == written


async def projects(database: Database, *people: Person) -> list[str]:
    """Projects that these people own."""
    first, *others = people
    keys = ["WEB", *(f"WEB{number}" for number in range(1, ROUNDS))]
    for key in keys[1:]:
        await first.start(key)
        for person in others:
            await invite(first, database, person, "owner", key)
    return keys


def leaving(person: Person, project: str) -> Request:
    return lambda: person.delete(f"/projects/{project}/members/{person.name}")


def giving(giver: Person, person: Person, role: str, project: str) -> Request:
    path = f"/projects/{project}/members/{person.name}"
    return lambda: giver.patch(path, {"role": role})
