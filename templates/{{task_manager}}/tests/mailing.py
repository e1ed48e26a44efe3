"""Mails in tests: posted, looked at, and sent by senders of the tests' own."""

from collections.abc import Sequence
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update
from support import settings_for

from app.core.database import Database
from app.core.models import now
from app.core.settings import Settings
from app.mail.models import Mail
from app.mail.outbox import post
from app.mail.sender import IDLE_SECONDS, Sender

LINK = "https://tasks.example.com/invitation#secret"

SECONDS = 60
"""How long tests wait for what is to happen."""

REACHED = 2.0
"""How long a mail may take that is not answered: a busy machine has reached the server by then."""


def settings_of(url: str, **changed: Any) -> Settings:
    """Settings with a mail server."""
    return settings_for(email_url=url, email_from="Tasks <tasks@example.com>", **changed)


def sender_of(database: Database, url: str, **options: Any) -> Sender:
    """What sends mails by a server."""
    return Sender(database, settings_of(url), **options)


async def posted(database: Database, *recipients: str, subject: str = "Hello") -> None:
    """Have mails wait."""
    async with database.session() as session:
        for recipient in recipients:
            await post(session, to=recipient, subject=subject, text=f"Hello! {LINK}\n")
        await session.commit()


async def mails(database: Database) -> Sequence[Mail]:
    """All mails, in the order in which they were posted."""
    async with database.session(read_only=True) as session:
        return (await session.scalars(select(Mail).order_by(Mail.id))).all()


async def mail(database: Database) -> Mail:
    """The only mail."""
    (only,) = await mails(database)
    return only


async def make_due(database: Database, **values: Any) -> None:
    """Have all mails be sent now, and change them otherwise."""
    async with database.session() as session:
        await session.execute(update(Mail).values(**{"next_attempt_at": now(), **values}))
        await session.commit()


async def until_idle(sender: Sender) -> None:
    """Send what is due."""
    while await sender.send_next() != IDLE_SECONDS:
        pass


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the application logged."""
    ours = (record for record in caplog.records if record.name.startswith("app."))
    return [f"{record.levelname} {record.message}" for record in ours]


def application_on(database: Database) -> FastAPI:
    """An application that has a database and nothing else."""
    app = FastAPI()
    app.state.database = database
    return app
