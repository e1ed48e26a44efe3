"""A demo to look at: a team that builds a website, and where it stands.

It is the same each time, so that a screenshot, a bug report or a benchmark can speak of it. All of
it is done by the services, by the people of the team, so its history is one that really happened.
"""

import random
from collections.abc import AsyncIterator
from datetime import date, timedelta
from itertools import product

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.comments import service as comments
from app.core.models import now
from app.core.versions import Expected
from app.projects import members
from app.projects import service as projects
from app.projects.access import enter_to_change
from app.projects.roles import Role
from app.projects.schemas import NewProject
from app.tasks import service as tasks_service
from app.tasks.schemas import NewTask, TaskChanges
from app.tasks.values import Priority, Status
from app.users.accounts import Account
from app.users.models import User

EMAIL = "demo@example.com"
PASSWORD = "demo-password"  # noqa: S105 - it is public, and refused in production

KEY = "WEB"
TEAM = {
    "demo": Role.OWNER,
    "ada": Role.MAINTAINER,
    "grace": Role.MEMBER,
    "linus": Role.MEMBER,
    "margaret": Role.VIEWER,
}
WORKERS = ("demo", "ada", "grace", "linus")

FORMS = (
    "Draft {}",
    "Build {}",
    "Test {} on small screens",
    "Translate {}",
    "Speed up {}",
    "Fix the links of {}",
)
PARTS = {
    "the start page": ("content", "design"),
    "the price list": ("content",),
    "the search": ("backend",),
    "the sign-up form": ("backend", "design"),
    "the newsletter": ("content", "mail"),
    "the map of shops": ("design",),
    "the sitemap": ("backend", "seo"),
    "the privacy page": ("content", "legal"),
}
REMARKS = (
    "I looked at it with @{}: the **second** version reads better.",
    "@{}, could you have a look before Friday?",
    "Works here. The list of what I tried:\n\n- a phone\n- a tablet\n- a very old laptop",
    "Blocked until @{} has the pictures.",
)
WAY = (Status.IN_PROGRESS, Status.IN_REVIEW, Status.DONE)
ANY_VERSION = Expected("*")


async def is_there(session: AsyncSession) -> bool:
    """Whether the database has the demo already."""
    return await session.scalar(select(User.id).where(User.email == EMAIL)) is not None


async def fill(session: AsyncSession, *, tasks: int) -> AsyncIterator[int]:
    """Write the demo, and give a sign of life after each task.

    Args:
        session: Where to write; committing is the caller's.
        tasks: How many tasks there are to be.
    """
    chance = random.Random(21)  # noqa: S311 - it is a demo
    people = await _people(session)
    owner = people["demo"]
    about = "A new website for the shop, in two languages."
    await projects.create(session, owner, NewProject(key=KEY, name="Website", description=about))
    access = await enter_to_change(session, owner, KEY)
    for name, role in TEAM.items():
        if name != "demo":
            await members.add(session, access.project, people[name], role, actor=people[name])
    for number in range(tasks):
        author, other = (people[name] for name in chance.sample(WORKERS, 2))
        title, labels = _subject(number)
        new = NewTask(
            title=title,
            description="What is there today, what is wrong with it, and what it should be.",
            priority=chance.choice(list(Priority)),
            assignee=chance.choice([*WORKERS, None]),
            labels=list(labels),
            due_date=_due(chance),
            parent=f"{KEY}-1" if 1 <= number <= min(3, tasks - 1) else None,
        )
        task = await tasks_service.create(session, author, KEY, new)
        for status in WAY[: chance.randrange(len(WAY) + 1)]:
            step = TaskChanges(status=status)
            await tasks_service.change(session, other, task.key, ANY_VERSION, step)
        if chance.random() < 0.4:  # noqa: PLR2004 - some have a comment
            remark = chance.choice(REMARKS).format(other.username)
            await comments.add(session, author, task.key, remark, prose=remark)
        yield number


async def _people(session: AsyncSession) -> dict[str, Account]:
    # Hashed once: it takes a while on purpose, and they all have the same.
    password_hash = PasswordHasher().hash(PASSWORD)
    users = [
        User(username=name, email=f"{name}@example.com", password_hash=password_hash)
        for name in TEAM
    ]
    session.add_all(users)
    await session.flush()
    return {
        user.username: Account(
            user.id, user.username, user.email, user.token_version, session_id=0, expires_at=now()
        )
        for user in users
    }


def _subject(number: int) -> tuple[str, tuple[str, ...]]:
    """The title and the labels of a task; no two have the same title."""
    subjects = list(product(FORMS, PARTS.items()))
    form, (part, labels) = subjects[number % len(subjects)]
    turn = number // len(subjects)
    title = form.format(part)
    return (f"{title}, round {turn + 1}" if turn else title), labels


def _due(chance: random.Random) -> date | None:
    days = chance.choice([None, -3, 2, 7, 14, 30])
    return None if days is None else now().date() + timedelta(days=days)
