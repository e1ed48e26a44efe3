"""What tests of the task manager need: people who work together, and what errors look like."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import FastAPI
from httpx2 import AsyncClient, Response
from joining import register
from people import token_of
from sqlalchemy import select
from support import settings_for
from visitors import Visitor

from app.core.database import Database
from app.live.hub import Hub
from app.live.source import HISTORY
from app.mail.models import Mail


class Person(Visitor):
    """Somebody who uses the task manager.

    The methods do what a person does and expect it to succeed; they return what was answered.
    """

    async def patch(self, path: str, body: Any, **headers: str) -> Response:
        """Send PATCH."""
        return await self.request("PATCH", path, json=body, headers=headers)

    async def start(self, key: str = "WEB", **fields: Any) -> dict[str, Any]:
        """Make a project."""
        return took(await self.post("/projects", {"key": key, "name": key.title(), **fields}), 201)

    async def add(self, title: str = "Something", *, project: str = "WEB", **fields: Any) -> str:
        """Make a task, and return its key."""
        response = await self.post(f"/projects/{project}/tasks", {"title": title, **fields})
        return str(took(response, 201)["key"])

    async def read(self, key: str) -> dict[str, Any]:
        """Read a task."""
        return took(await self.get(f"/tasks/{key}"), 200)

    async def etag(self, key: str) -> str:
        """The ETag of a task."""
        return (await self.get(f"/tasks/{key}")).headers["etag"]

    async def change(self, key: str, **fields: Any) -> dict[str, Any]:
        """Change a task, in whatever version it is."""
        return took(await self.patch(f"/tasks/{key}", fields, **{"If-Match": "*"}), 200)

    async def move(self, key: str, after: str | None, status: str | None = None) -> dict[str, Any]:
        """Move a task on the board, in whatever version it is."""
        where = {"after": after, **({"status": status} if status else {})}
        response = await self.request(
            "POST", f"/tasks/{key}/move", json=where, headers={"If-Match": "*"}
        )
        return took(response, 200)

    async def remove(self, key: str) -> None:
        """Remove a task, in whatever version it is."""
        response = await self.request("DELETE", f"/tasks/{key}", headers={"If-Match": "*"})
        assert response.status_code == 204, response.text

    async def listed(self, project: str = "WEB", **wanted: Any) -> list[str]:
        """The keys of the tasks that a list has, on all its pages."""
        return [task["key"] for task in await self.pages(f"/projects/{project}/tasks", **wanted)]

    async def each_page(
        self, path: str, *, place: str = "cursor", **wanted: Any
    ) -> AsyncIterator[dict[str, Any]]:
        """Each page of a list.

        Args:
            path: The list.
            place: The parameter that says where a page begins.
            **wanted: Other parameters.
        """
        begin: dict[str, Any] = {}
        while True:
            page = took(await self.get(path, **{**wanted, **begin}), 200)
            yield page
            if page["next"] is None:
                return
            assert page["next"] != begin.get(place)
            begin = {place: page["next"]}

    async def pages(self, path: str, **wanted: Any) -> list[dict[str, Any]]:
        """All items of a list that has a cursor."""
        return [item async for page in self.each_page(path, **wanted) for item in page["items"]]

    async def comment(self, key: str, body: str) -> dict[str, Any]:
        """Comment on a task."""
        return took(await self.post(f"/tasks/{key}/comments", {"body": body}), 201)

    async def give(self, name: str, count: int) -> None:
        """Make tasks for somebody."""
        for number in range(count):
            await self.add(f"Number {number}", assignee=name)

    async def notes(self, **wanted: Any) -> list[int]:
        """The numbers of the notifications that somebody has, the newest first."""
        return [each["id"] for each in await self.pages("/notifications", **wanted)]

    async def history(self, path: str = "/projects/WEB", **wanted: Any) -> list[dict[str, Any]]:
        """The history of a project, or of a task, in order."""
        pages = self.each_page(f"{path}/activity", place="after", **wanted)
        return [entry async for page in pages for entry in page["items"]]

    async def roles(self, project: str = "WEB") -> dict[str, str]:
        """What each member of a project is, by name."""
        members = await self.pages(f"/projects/{project}/members")
        return {member["username"]: member["role"] for member in members}

    async def leave(self, project: str = "WEB") -> None:
        """Leave a project."""
        response = await self.delete(f"/projects/{project}/members/{self.name}")
        assert response.status_code == 204, response.text


Pair = tuple[Person, Person]

FULL_TASK = {
    "title": "Write the tests",
    "description": "All of *them*.\n\n- now",
    "priority": "high",
    "assignee": "bob",
    "labels": ["api", "tests"],
    "due_date": "2026-02-28",
    "parent": "WEB-1",
}
"""A new task with all that one can have, in a project in which Bob is, and a task."""


def took(response: Response, status: int) -> dict[str, Any]:
    """Check that a request succeeded, and return what was answered."""
    assert response.status_code == status, response.text
    body: dict[str, Any] = response.json()
    return body


async def join(client: AsyncClient, name: str) -> Person:
    """Register somebody who then uses the task manager."""
    return Person(client, name, token_of(await register(client, name)))


async def alone(client: AsyncClient, *, tasks: int = 0) -> Person:
    """Ada, who has a project WEB, and so many tasks in its first column."""
    ada = await join(client, "ada")
    await ada.start()
    for _ in range(tasks):
        await ada.add()
    return ada


async def invite(
    owner: Person, database: Database, person: Person, role: str = "member", project: str = "WEB"
) -> None:
    """Have somebody be a member of a project, by an invitation and the mail about it."""
    new = {"email": f"{person.name}@example.com", "role": role}
    took(await owner.post(f"/projects/{project}/invitations", new), 201)
    token = await token_in_mail(database)
    took(await person.post("/invitations/accept", {"token": token}), 200)


async def token_in_mail(database: Database, person: Person | None = None) -> str:
    """The token in the newest mail, or in the newest one to somebody."""
    query = select(Mail.text).order_by(Mail.id.desc()).limit(1)
    if person:
        query = query.where(Mail.recipient == f"{person.name}@example.com")
    async with database.session(read_only=True) as session:
        text = await session.scalar(query)
    assert text
    return text.partition("/invitation#")[2].split()[0]


async def team(client: AsyncClient, database: Database, **roles: str) -> tuple[Person, ...]:
    """A project WEB with people in it.

    Args:
        client: Who sends their requests.
        database: Where mails are found.
        **roles: What each is, by name. The first makes the project, and is its owner.

    Returns:
        The people, in this order.
    """
    first, *others = [await join(client, name) for name in roles]
    await first.start()
    for person in others:
        await invite(first, database, person, roles[person.name])
    return first, *others


def assert_refused(
    response: Response, status: int, code: str, /, detail: str | None = None, **fields: str
) -> None:
    """Check an error response.

    Args:
        response: The response.
        status: Its status.
        code: The word for programs.
        detail: The sentence, if it is not the usual one about fields.
        **fields: What is said of each field.
    """
    assert response.headers["content-type"] == "application/problem+json", response.text
    body = response.json()
    found = {each["field"]: each["message"] for each in body["errors"]}
    sentence = detail or ("The request is not valid; `errors` says where." if fields else None)
    assert (response.status_code, body["status"], body["code"], found) == (
        status,
        status,
        code,
        fields,
    ), response.text
    assert sentence is None or body["detail"] == sentence


@contextmanager
def ended_streams(app: FastAPI) -> Iterator[None]:
    """Have the streams of an application end at once, as when its process is told to stop."""
    hub = app.state.hub
    app.state.hub = Hub(Database(settings_for().database_url), HISTORY)
    app.state.hub.stop()
    try:
        yield
    finally:
        app.state.hub = hub
