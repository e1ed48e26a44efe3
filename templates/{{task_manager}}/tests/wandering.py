"""Somebody who does one thing after the other, at random, by all routes that write in a project."""

import random
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from httpx2 import Response
from team import Person, token_in_mail

from app.core.database import Database

T = TypeVar("T")

LABELS = ["api", "bug", "docs", "later"]
ROLES = ["viewer", "member", "maintainer", "owner"]
STATUSES = ["todo", "in_progress", "in_review", "done"]
WHATEVER = {"If-Match": "*"}


class Wanderer:
    """Does something that goes with what is there, most of the time.

    Args:
        people: Those who do it, members or not. The first made the project and stays its owner, so
            there is always somebody who may do everything; the others were invited at some time.
        chance: Decides what is done.
        database: Where mails are found.
    """

    def __init__(self, people: list[Person], chance: random.Random, database: Database) -> None:
        self.people = people
        self._chance = chance
        self._database = database
        self._comments: list[tuple[Person, str]] = []

    async def step(self) -> Response:
        """Do something, which may be refused."""
        steps: list[tuple[Callable[[Person], Awaitable[Response]], int]] = [
            (self._create, 6),
            (self._change, 10),
            (self._move, 10),
            (self._remove, 3),
            (self._comment, 5),
            (self._edit_comment, 5),
            (self._remove_comment, 3),
            (self._rename, 2),
            (self._invite, 4),
            (self._withdraw, 2),
            (self._accept, 4),
            (self._promote, 3),
            (self._leave, 1),
        ]
        (step,) = self._chance.choices([step for step, _ in steps], [weight for _, weight in steps])
        return await step(self._one(self.people))

    def _one(self, things: Sequence[T]) -> T:
        return self._chance.choice(things)

    def _often(self, probability: float) -> bool:
        return self._chance.random() < probability

    def _name(self) -> str:
        return self._one(self.people).name

    def _leader(self, person: Person) -> Person:
        """Somebody who may do everything, or somebody who may not."""
        return self._one([person, self.people[0]])

    def _text(self) -> str:
        return f"Text {self._chance.randint(1, 99)}, @{self._name()}"

    async def _keys(self, person: Person, **wanted: str) -> list[str]:
        answer = await person.get("/projects/WEB/tasks", **wanted)
        return [task["key"] for task in answer.json().get("items", [])]

    async def _key(self, person: Person) -> str:
        """The key of a task, now and then of one that is not there."""
        return self._one([*await self._keys(person), "WEB-1"])

    async def _create(self, person: Person) -> Response:
        new = {"title": self._text(), **await self._some_fields(person)}
        return await person.post("/projects/WEB/tasks", new)

    async def _change(self, person: Person) -> Response:
        sent = await self._some_fields(person)
        if self._often(0.4):
            sent["status"] = self._one(STATUSES)
        if self._often(0.4) or not sent:
            sent["title"] = self._text()
        return await person.patch(f"/tasks/{await self._key(person)}", sent, **WHATEVER)

    async def _some_fields(self, person: Person) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "description": self._text(),
            "priority": self._one(["low", "normal", "high", "urgent"]),
            "assignee": self._one([None, self._name(), self._name()]),
            "labels": self._chance.choices(LABELS, k=self._chance.randint(0, 3)),
            "due_date": self._one([None, f"2026-02-{self._chance.randint(10, 28)}"]),
            "parent": self._one([None, None, await self._key(person)]),
        }
        return {name: value for name, value in fields.items() if self._often(0.3)}

    async def _move(self, person: Person) -> Response:
        status = self._one(STATUSES)
        where: dict[str, Any] = {
            "after": self._one([None, *await self._keys(person, status=status)])
        }
        if self._often(0.7):
            where["status"] = status
        path = f"/tasks/{await self._key(person)}/move"
        return await person.request("POST", path, json=where, headers=WHATEVER)

    async def _remove(self, person: Person) -> Response:
        path = f"/tasks/{await self._key(person)}"
        return await self._leader(person).request("DELETE", path, headers=WHATEVER)

    async def _comment(self, person: Person) -> Response:
        path = f"/tasks/{await self._key(person)}/comments"
        answer = await person.post(path, {"body": self._text()})
        if answer.is_success:
            self._comments.append((person, f"{path}/{answer.json()['id']}"))
        return answer

    async def _edit_comment(self, person: Person) -> Response:
        author, path = self._some_comment(person)
        return await author.patch(path, {"body": self._text()})

    async def _remove_comment(self, person: Person) -> Response:
        author, path = self._some_comment(person)
        return await author.delete(path)

    def _some_comment(self, person: Person) -> tuple[Person, str]:
        """A comment with its author, or with somebody else; it may be gone with its task."""
        if not self._comments:
            return person, "/tasks/WEB-1/comments/1"
        author, path = self._one(self._comments[-5:])
        return self._one([author, author, person]), path

    async def _rename(self, person: Person) -> Response:
        sent = {"name": self._one([self._text(), "Web"]), "description": self._text()}
        return await self._leader(person).patch("/projects/WEB", sent)

    async def _invite(self, person: Person) -> Response:
        name = self._one([self._name(), "stranger"])
        new = {"email": f"{name}@example.com", "role": self._one(ROLES)}
        return await self._leader(person).post("/projects/WEB/invitations", new)

    async def _withdraw(self, person: Person) -> Response:
        leader = self._leader(person)
        found = (await leader.get("/projects/WEB/invitations")).json().get("items", [])
        number = self._one([each["id"] for each in found] or [1])
        return await leader.delete(f"/projects/WEB/invitations/{number}")

    async def _accept(self, _person: Person) -> Response:
        person = self._one(self.people[1:])
        token = await token_in_mail(self._database, person)
        return await person.post("/invitations/accept", {"token": token})

    async def _promote(self, person: Person) -> Response:
        path = f"/projects/WEB/members/{self._one(self.people[1:]).name}"
        return await self._leader(person).patch(path, {"role": self._one(ROLES)})

    async def _leave(self, person: Person) -> Response:
        name = self._one(self.people[1:]).name
        return await self._leader(person).delete(f"/projects/WEB/members/{name}")


async def wander(wanderer: Wanderer, steps: int) -> list[int]:
    """Do many things, one after the other; return the statuses of the answers."""
    return [(await wanderer.step()).status_code for _ in range(steps)]
