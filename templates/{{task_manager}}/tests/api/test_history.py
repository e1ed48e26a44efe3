"""What each change writes into the history, and what writes nothing."""

from datetime import datetime
from typing import Any, NamedTuple

import pytest
from databases import RolledBack, snapshot
from httpx2 import AsyncClient, Response
from team import Person, invite, join, team, token_in_mail, took

from app.activity.models import Kind
from app.core.models import now

People = dict[str, Person]
Entry = tuple[str, str | None, str, dict[str, list[Any]]]
"""What an entry says: its kind, the task, the subject, the changes."""


class Case(NamedTuple):
    """A request, and what it writes into the history.

    `{comment}` and `{invitation}` are those of the scene, `{new}` is the number of what is made.
    """

    who: str
    route: str
    body: Any
    entries: list[Entry]


async def scene(client: AsyncClient, database: RolledBack) -> tuple[People, dict[str, str]]:
    """A team with three tasks, a comment, and an invitation for Dan."""
    ada, bob, cleo = await team(client, database, ada="owner", bob="member", cleo="viewer")
    dan = await join(client, "dan")
    await ada.add("One", description="First.", priority="high", assignee="bob", labels=["y", "x"])
    await ada.add("Two", due_date="2026-02-28", parent="WEB-1")
    await ada.add("Three")
    comment = await bob.comment("WEB-2", "Fine.")
    new = {"email": "dan@example.com", "role": "viewer"}
    invitation = took(await ada.post("/projects/WEB/invitations", new), 201)
    values = {"comment": str(comment["id"]), "invitation": str(invitation["id"])}
    values["token"] = await token_in_mail(database)
    return {person.name: person for person in (ada, bob, cleo, dan)}, values


async def send(people: People, values: dict[str, str], case: Case) -> Response:
    """Send the request of a case, in whatever version a task is."""
    method, path = case.route.split()
    body = case.body
    if body and "token" in body:
        body = {"token": values["token"]}
    return await people[case.who].request(
        method, path.format(**values), json=body, headers={"If-Match": "*"}
    )


CASES = [
    Case(
        "ada",
        "PATCH /projects/WEB",
        {"name": "New", "description": "About it."},
        [
            (
                "project.changed",
                None,
                "WEB",
                {"name": ["Web", "New"], "description": ["", "About it."]},
            )
        ],
    ),
    Case(
        "ada",
        "PATCH /projects/WEB/members/BOB",
        {"role": "maintainer"},
        [("member.changed", None, "bob", {"role": ["member", "maintainer"]})],
    ),
    Case(
        "ada",
        "DELETE /projects/WEB/members/cleo",
        None,
        [("member.left", None, "cleo", {"role": ["viewer", None]})],
    ),
    Case(
        "bob",
        "DELETE /projects/WEB/members/bob",
        None,
        [
            ("task.changed", "WEB-1", "WEB-1", {"assignee": ["bob", None]}),
            ("member.left", None, "bob", {"role": ["member", None]}),
        ],
    ),
    Case(
        "ada",
        "POST /projects/WEB/invitations",
        {"email": "eve@example.com", "role": "maintainer"},
        [("invitation.sent", None, "{new}", {"role": [None, "maintainer"]})],
    ),
    Case(
        "ada",
        "POST /projects/WEB/invitations",
        {"email": "dan@example.com", "role": "member"},
        [
            ("invitation.withdrawn", None, "{invitation}", {"role": ["viewer", None]}),
            ("invitation.sent", None, "{new}", {"role": [None, "member"]}),
        ],
    ),
    Case(
        "ada",
        "DELETE /projects/WEB/invitations/{invitation}",
        None,
        [("invitation.withdrawn", None, "{invitation}", {"role": ["viewer", None]})],
    ),
    Case(
        "dan",
        "POST /invitations/accept",
        {"token": "that in the mail"},
        [
            ("invitation.accepted", None, "{invitation}", {"role": ["viewer", None]}),
            ("member.joined", None, "dan", {"role": [None, "viewer"]}),
        ],
    ),
    Case(
        "bob",
        "POST /projects/WEB/tasks",
        {"title": " Four ", "description": "F", "priority": "low", "assignee": "ADA"}
        | {"labels": ["b", "a", "b"], "due_date": "2026-03-01", "parent": "WEB-3"},
        [
            (
                "task.created",
                "WEB-4",
                "WEB-4",
                {
                    "title": [None, "Four"],
                    "description": [None, "F"],
                    "status": [None, "todo"],
                    "priority": [None, "low"],
                    "assignee": [None, "ada"],
                    "labels": [None, ["a", "b"]],
                    "due_date": [None, "2026-03-01"],
                    "parent": [None, "WEB-3"],
                    "after": [None, "WEB-3"],
                },
            )
        ],
    ),
    Case(
        "bob",
        "PATCH /tasks/WEB-1",
        {"title": "New", "description": "", "priority": "low", "assignee": None}
        | {"labels": ["z", "x"], "due_date": "2026-01-01", "status": "in_progress"},
        [
            (
                "task.changed",
                "WEB-1",
                "WEB-1",
                {
                    "title": ["One", "New"],
                    "description": ["First.", ""],
                    "priority": ["high", "low"],
                    "assignee": ["bob", None],
                    "labels": [["x", "y"], ["x", "z"]],
                    "due_date": [None, "2026-01-01"],
                    "status": ["todo", "in_progress"],
                    "after": [None, None],
                },
            )
        ],
    ),
    Case(
        "bob",
        "PATCH /tasks/WEB-2",
        {"title": "Two", "due_date": None, "parent": "WEB-3", "assignee": "Bob", "labels": []},
        [
            (
                "task.changed",
                "WEB-2",
                "WEB-2",
                {
                    "due_date": ["2026-02-28", None],
                    "parent": ["WEB-1", "WEB-3"],
                    "assignee": [None, "bob"],
                },
            )
        ],
    ),
    Case(
        "bob",
        "POST /tasks/WEB-3/move",
        {"after": "WEB-1"},
        [("task.changed", "WEB-3", "WEB-3", {"after": ["WEB-2", "WEB-1"]})],
    ),
    Case(
        "bob",
        "POST /tasks/WEB-2/move",
        {"after": None, "status": "in_progress"},
        [
            (
                "task.changed",
                "WEB-2",
                "WEB-2",
                {"status": ["todo", "in_progress"], "after": ["WEB-1", None]},
            )
        ],
    ),
    Case(
        "ada",
        "DELETE /tasks/WEB-2",
        None,
        [
            (
                "task.removed",
                "WEB-2",
                "WEB-2",
                {
                    "title": ["Two", None],
                    "description": ["", None],
                    "status": ["todo", None],
                    "priority": ["normal", None],
                    "labels": [[], None],
                    "due_date": ["2026-02-28", None],
                    "parent": ["WEB-1", None],
                },
            )
        ],
    ),
    Case(
        "bob",
        "POST /tasks/WEB-1/comments",
        {"body": "*Fine*, @ada.\n"},
        [("comment.added", "WEB-1", "{new}", {"body": [None, "*Fine*, @ada.\n"]})],
    ),
    Case(
        "bob",
        "PATCH /tasks/WEB-2/comments/{comment}",
        {"body": "Finer."},
        [("comment.changed", "WEB-2", "{comment}", {"body": ["Fine.", "Finer."]})],
    ),
    Case(
        "bob",
        "DELETE /tasks/WEB-2/comments/{comment}",
        None,
        [("comment.removed", "WEB-2", "{comment}", {"body": ["Fine.", None]})],
    ),
]


async def test_each_change_writes_who_when_what_from_and_to(
    client: AsyncClient, database: RolledBack
) -> None:
    people, values = await scene(client, database)
    before = await people["ada"].history()
    for case in CASES:
        async with database.undone():
            begin = now()
            response = await send(people, values, case)
            assert response.is_success, (case.route, response.text)
            end = now()
            history = await people["ada"].history()
        assert history[: len(before)] == before
        entries = history[len(before) :]
        if response.status_code == 201:
            values["new"] = str(response.json().get("id"))
        for entry in entries:
            assert begin <= datetime.fromisoformat(entry.pop("at")) <= end
        assert entries == [
            {
                "id": len(before) + number,
                "actor": case.who,
                "kind": kind,
                "task": task,
                "subject": subject.format(**values),
                "changes": changes,
            }
            for number, (kind, task, subject, changes) in enumerate(case.entries, start=1)
        ], case.route


async def test_the_table_has_every_kind_that_can_be_read() -> None:
    kinds = {kind for case in CASES for kind, *_ in case.entries}
    # The first is written when there is nothing yet, and nobody reads what follows the last.
    assert kinds == {str(kind) for kind in Kind} - {"project.created", "project.removed"}


async def test_a_history_begins_with_the_project_and_its_owner(client: AsyncClient) -> None:
    ada = await join(client, "ada")
    await ada.start(description="About it.")
    entries = await ada.history()
    for entry in entries:
        del entry["at"]
    assert entries == [
        {
            "id": 1,
            "actor": "ada",
            "kind": "project.created",
            "task": None,
            "subject": "WEB",
            "changes": {
                "key": [None, "WEB"],
                "name": [None, "Web"],
                "description": [None, "About it."],
            },
        },
        {
            "id": 2,
            "actor": "ada",
            "kind": "member.joined",
            "task": None,
            "subject": "ada",
            "changes": {"role": [None, "owner"]},
        },
    ]


NOTHING = [
    ("ada", "PATCH /projects/WEB", {"name": "Web", "description": ""}, 200),
    ("ada", "PATCH /projects/WEB/members/bob", {"role": "member"}, 200),
    ("bob", "PATCH /tasks/WEB-1", {"title": "One", "labels": ["x", "y"], "assignee": "BOB"}, 200),
    ("bob", "POST /tasks/WEB-1/move", {"after": None}, 200),
    ("bob", "POST /tasks/WEB-2/move", {"after": "WEB-1", "status": "todo"}, 200),
    ("bob", "PATCH /tasks/WEB-2/comments/{comment}", {"body": "Fine."}, 200),
    # And what is refused, also after some of it was written.
    ("bob", "PATCH /projects/WEB", {"name": "New"}, 403),
    ("cleo", "PATCH /tasks/WEB-1", {"title": "New"}, 403),
    ("dan", "PATCH /tasks/WEB-1", {"title": "New"}, 404),
    ("bob", "PATCH /tasks/WEB-1", {"title": "New", "parent": "WEB-3"}, 409),
    ("bob", "PATCH /tasks/WEB-1", {"title": "New", "status": "done"}, 409),
    ("bob", "PATCH /tasks/WEB-3", {"title": "New", "assignee": "eve"}, 422),
    ("bob", "POST /tasks/WEB-1/move", {"after": "WEB-9"}, 409),
    ("ada", "DELETE /tasks/WEB-1", None, 409),
    ("ada", "DELETE /projects/WEB/members/ada", None, 409),
    ("ada", "POST /projects/WEB/invitations", {"email": "bob@example.com"}, 409),
]


async def test_what_changes_nothing_writes_nothing(
    client: AsyncClient, database: RolledBack
) -> None:
    people, values = await scene(client, database)
    before = await snapshot(database)
    for who, route, body, status in NOTHING:
        response = await send(people, values, Case(who, route, body, []))
        assert response.status_code == status, (route, response.text)
        assert await snapshot(database) == before, route


@pytest.mark.parametrize("role", ["viewer", "member", "maintainer"])
async def test_every_member_reads_all_of_the_history_also_what_was_before_them(
    client: AsyncClient, database: RolledBack, role: str
) -> None:
    people, _ = await scene(client, database)
    eve = await join(client, "eve")
    await invite(people["ada"], database, eve, role)
    assert await eve.history() == await people["ada"].history()
    assert await eve.history("/tasks/WEB-1") == await people["ada"].history("/tasks/WEB-1")
