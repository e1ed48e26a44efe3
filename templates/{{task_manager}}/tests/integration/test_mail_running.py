"""Sending beside the application: it begins and ends with it."""

import asyncio
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from mailing import (
    REACHED,
    SECONDS,
    application_on,
    logged,
    mail,
    mails,
    posted,
    sender_of,
    settings_of,
)
from postbox import Postbox

from app.core.database import Database
from app.mail.sender import running


async def test_while_the_application_runs_mail_is_sent_and_nothing_is_left_running(
    own_database: Database, box: Postbox
) -> None:
    before = asyncio.all_tasks()
    async with running(settings_of(box.url()))(application_on(own_database)):
        await posted(own_database, "ada@example.com")
        await asyncio.wait_for(box.arrived.wait(), SECONDS)
        (task,) = (task for task in asyncio.all_tasks() - before if is_ours(task))
    assert task.done()
    assert box.recipients == ["ada@example.com"]
    assert not any(map(is_ours, asyncio.all_tasks() - before))


def is_ours(task: asyncio.Task[Any]) -> bool:
    """Whether it is not the mail server's."""
    return "aiosmtpd" not in repr(task)


async def test_a_mail_that_is_being_sent_at_the_end_is_finished_and_no_other_begun(
    own_database: Database, box: Postbox
) -> None:
    box.go_on.clear()
    await posted(own_database, "ada@example.com", "bob@example.com")
    service = running(settings_of(box.url()))(application_on(own_database))
    await service.__aenter__()
    await asyncio.wait_for(box.arrived.wait(), SECONDS)
    leaving = asyncio.create_task(service.__aexit__(None, None, None))
    await asyncio.sleep(0)
    assert not leaving.done()
    box.go_on.set()
    await leaving
    assert box.recipients == ["ada@example.com"]
    sent, waiting = await mails(own_database)
    assert sent.sent_at is not None
    assert (waiting.attempts, waiting.sent_at) == (0, None)


async def test_at_the_end_nobody_waits_for_long_for_a_server_that_does_not_answer(
    own_database: Database, box: Postbox
) -> None:
    box.go_on.clear()
    await posted(own_database, "ada@example.com")
    stop = asyncio.Event()
    sending = asyncio.create_task(sender_of(own_database, box.url(), seconds=REACHED).run(stop))
    await asyncio.wait_for(box.arrived.wait(), SECONDS)
    stop.set()
    await asyncio.wait_for(sending, SECONDS)
    row = await mail(own_database)
    assert (row.sent_at, row.attempts) == (None, 1)
    assert row.next_attempt_at is not None


class Logged(logging.Handler):
    """Sees when something is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []
        self.one = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)
        self.one.set()


@pytest.fixture
def log() -> Iterator[Logged]:
    logger = logging.getLogger("app.mail.sender")
    handler = Logged()
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)


async def test_a_database_that_does_not_work_does_not_end_the_sender(
    fresh_url: str, log: Logged
) -> None:
    database = Database(fresh_url)  # without tables
    async with running(settings_of("console:"))(application_on(database)):
        await asyncio.wait_for(log.one.wait(), SECONDS)
    await database.dispose()
    (record,) = log.records
    assert (record.levelname, record.message) == ("WARNING", "mails cannot be sent")
    assert not record.exc_info


async def test_in_production_somebody_is_told_that_mail_goes_to_nobody(
    own_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "0123456789abcdef0123456789abcdef"
    for url in ("console:", "smtp://mail.example.com"):
        settings = settings_of(url, environment="production", secret_key=secret)
        async with running(settings)(application_on(own_database)):
            pass
    assert logged(caplog) == ["WARNING e-mail goes to the log and to nobody: set EMAIL_URL"]
