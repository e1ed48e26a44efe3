"""Mail: sent if what it is about was kept, and then until a server has taken it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from postbox import Postbox
from sqlalchemy import select, update
from support import settings_for

from app.core.database import Database
from app.core.models import now
from app.core.settings import Settings
from app.mail.models import Mail
from app.mail.outbox import post
from app.mail.sender import (
    ATTEMPTS,
    FIRST_PAUSE,
    IDLE_SECONDS,
    KEPT,
    TROUBLE_SECONDS,
    Sender,
    running,
)

LINK = "https://tasks.example.com/invitation#secret"
SECONDS = 60
"""How long the tests wait for what is to happen."""


@pytest.fixture
async def down(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Postbox:
    """A mail server that is trusted, has its port, and is down."""
    box = Postbox()
    monkeypatch.setenv("SSL_CERT_FILE", box.write_authority(tmp_path))
    async with box.open():
        pass
    return box


@pytest.fixture
async def box(down: Postbox) -> AsyncIterator[Postbox]:
    """A mail server that is trusted, and works."""
    async with down.open():
        yield down


def settings_of(url: str, **changed: Any) -> Settings:
    return settings_for(email_url=url, email_from="Tasks <tasks@example.com>", **changed)


def sender_of(database: Database, url: str, **options: Any) -> Sender:
    return Sender(database, settings_of(url), **options)


async def posted(database: Database, *recipients: str, subject: str = "Hello") -> None:
    async with database.session() as session:
        for recipient in recipients:
            await post(session, to=recipient, subject=subject, text=f"Hello! {LINK}\n")
        await session.commit()


async def mails(database: Database) -> Sequence[Mail]:
    async with database.session(read_only=True) as session:
        return (await session.scalars(select(Mail).order_by(Mail.id))).all()


async def mail(database: Database) -> Mail:
    (only,) = await mails(database)
    return only


async def make_due(database: Database, **values: Any) -> None:
    async with database.session() as session:
        await session.execute(update(Mail).values(**{"next_attempt_at": now(), **values}))
        await session.commit()


async def until_idle(sender: Sender) -> None:
    while await sender.send_next() != IDLE_SECONDS:
        pass


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    ours = (record for record in caplog.records if record.name.startswith("app."))
    return [f"{record.levelname} {record.message}" for record in ours]


async def test_a_mail_is_sent_once_and_its_text_is_not_kept(
    own_database: Database, box: Postbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "app")
    await posted(own_database, "ada@example.com", subject="Come\r\nBcc: eve@example.com \u2028in")
    sender = sender_of(own_database, box.url())
    assert await sender.send_next() == 0
    assert await sender.send_next() == IDLE_SECONDS
    (message,) = box.mails
    assert message["From"] == "Tasks <tasks@example.com>"
    assert (message["To"], message["Bcc"]) == ("ada@example.com", None)
    assert message["Subject"] == "Come Bcc: eve@example.com in"
    assert message.get_content() == f"Hello! {LINK}\r\n"
    row = await mail(own_database)
    assert (row.attempts, row.text, row.next_attempt_at, row.last_error) == (1, "", None, None)
    assert row.sent_at is not None
    assert logged(caplog) == ["INFO mail sent"]
    assert "ada@" not in caplog.text


async def test_what_is_rolled_back_is_not_sent(own_database: Database, box: Postbox) -> None:
    async with own_database.session() as session:
        await post(session, to="ada@example.com", subject="Hello", text="Hello!")
        # Not before the commit, either.
        assert await sender_of(own_database, box.url()).send_next() == IDLE_SECONDS
    assert await mails(own_database) == []
    assert await sender_of(own_database, box.url()).send_next() == IDLE_SECONDS
    assert box.mails == []


async def test_two_senders_at_once_send_each_mail_once(
    own_database: Database, own_url: str, box: Postbox
) -> None:
    people = [f"person{number}@example.com" for number in range(10)]
    await posted(own_database, *people)
    other = Database(own_url)
    senders = [sender_of(database, box.url()) for database in (own_database, other)]
    await asyncio.gather(*map(until_idle, senders))
    await other.dispose()
    assert sorted(box.recipients) == people
    assert {row.attempts for row in await mails(own_database)} == {1}


async def test_while_one_sends_a_mail_another_can_write_and_does_not_send_it(
    own_database: Database, box: Postbox
) -> None:
    await posted(own_database, "ada@example.com")
    box.go_on.clear()
    sending = asyncio.create_task(sender_of(own_database, box.url()).send_next())
    await asyncio.wait_for(box.arrived.wait(), SECONDS)
    await posted(own_database, "bob@example.com")
    box.go_on.set()
    await until_idle(sender_of(own_database, box.url()))
    await sending
    assert sorted(box.recipients) == ["ada@example.com", "bob@example.com"]


async def test_a_server_that_is_down_is_asked_again_later(
    own_database: Database, down: Postbox, caplog: pytest.LogCaptureFixture
) -> None:
    await posted(own_database, "ada@example.com")
    sender = sender_of(own_database, down.url())
    before = now()
    assert await sender.send_next() == TROUBLE_SECONDS
    row = await mail(own_database)
    assert (row.attempts, row.sent_at, row.text) == (1, None, f"Hello! {LINK}\n")
    assert row.next_attempt_at
    assert before + FIRST_PAUSE <= row.next_attempt_at <= now() + FIRST_PAUSE
    assert row.last_error
    assert row.last_error.startswith("SMTPConnectError: ")
    assert logged(caplog) == ["WARNING mail not sent, and tried again later"]
    async with down.open():
        assert await sender.send_next() == IDLE_SECONDS
        await make_due(own_database)
        assert await sender.send_next() == 0
    assert down.recipients == ["ada@example.com"]
    row = await mail(own_database)
    assert (row.attempts, row.next_attempt_at, row.last_error) == (2, None, None)


async def test_pauses_grow_and_after_most_of_a_day_a_mail_is_given_up(
    own_database: Database, down: Postbox, caplog: pytest.LogCaptureFixture
) -> None:
    await posted(own_database, "ada@example.com")
    sender = sender_of(own_database, down.url())
    pauses = []
    for _ in range(ATTEMPTS - 1):
        before = now()
        await sender.send_next()
        row = await mail(own_database)
        assert row.next_attempt_at
        pauses.append((row.next_attempt_at - before) // timedelta(minutes=1))
        await make_due(own_database)
    assert pauses == [1, 4, 16, 64, 256, 1024]
    caplog.clear()
    await sender.send_next()
    row = await mail(own_database)
    assert (row.attempts, row.next_attempt_at, row.sent_at) == (ATTEMPTS, None, None)
    assert logged(caplog) == ["ERROR mail given up"]
    assert await sender.send_next() == IDLE_SECONDS


async def test_a_mail_that_is_refused_for_good_does_not_stop_others(
    own_database: Database, box: Postbox, caplog: pytest.LogCaptureFixture
) -> None:
    box.answers["ada@example.com"] = "550 ada@example.com is unknown here"
    await posted(own_database, "ada@example.com", "bob@example.com")
    await until_idle(sender_of(own_database, box.url()))
    assert box.recipients == ["bob@example.com"]
    refused, _ = await mails(own_database)
    assert (refused.attempts, refused.next_attempt_at, refused.sent_at) == (1, None, None)
    assert refused.last_error == "RefusedError: 550 ada@example.com is unknown here"
    assert logged(caplog) == ["ERROR mail given up"]
    assert "ada@" not in caplog.text


async def test_an_address_that_the_server_cannot_write_does_not_stop_others(
    own_database: Database, down: Postbox
) -> None:
    box = down
    await posted(own_database, "\u00e9mile@example.com", "bob@example.com")
    async with box.open(any_letters=False):
        await until_idle(sender_of(own_database, box.url()))
    assert box.recipients == ["bob@example.com"]
    refused, _ = await mails(own_database)
    assert (refused.attempts, refused.next_attempt_at, refused.sent_at) == (1, None, None)


async def test_a_refusal_that_cannot_be_stored_as_it_is_is_one_too(
    own_database: Database, box: Postbox
) -> None:
    box.answers["ada@example.com"] = b"550 caf\xe9 \0 closed"
    await posted(own_database, "ada@example.com")
    assert await sender_of(own_database, box.url()).send_next() == 0
    row = await mail(own_database)
    assert (row.next_attempt_at, row.last_error) == (None, "RefusedError: 550 caf? ? closed")


async def test_a_mail_that_is_refused_for_now_is_tried_again(
    own_database: Database, box: Postbox
) -> None:
    box.answers["ada@example.com"] = "450 come back later"
    await posted(own_database, "ada@example.com", "bob@example.com")
    sender = sender_of(own_database, box.url())
    await until_idle(sender)
    assert box.recipients == ["bob@example.com"]
    refused, _ = await mails(own_database)
    assert refused.next_attempt_at is not None
    assert refused.last_error == "RefusedError: 450 come back later"
    box.answers.clear()
    async with own_database.session() as session:
        await session.execute(
            update(Mail).where(Mail.sent_at.is_(None)).values(next_attempt_at=now())
        )
        await session.commit()
    await until_idle(sender)
    assert box.recipients == ["bob@example.com", "ada@example.com"]


async def test_what_a_mail_says_can_be_refused_too(own_database: Database, box: Postbox) -> None:
    box.verdict = "554 this looks like spam"
    await posted(own_database, "ada@example.com")
    assert await sender_of(own_database, box.url()).send_next() == 0
    row = await mail(own_database)
    assert (row.next_attempt_at, row.last_error) == (None, "RefusedError: 554 this looks like spam")


async def test_a_wrong_password_is_not_the_fault_of_the_mail(
    own_database: Database, box: Postbox
) -> None:
    await posted(own_database, "ada@example.com")
    sender = sender_of(own_database, box.url("tasks%40example.com:wrong"))
    assert await sender.send_next() == TROUBLE_SECONDS
    row = await mail(own_database)
    assert row.next_attempt_at is not None
    assert row.last_error
    assert row.last_error.startswith("SMTPAuthenticationError: (535, ")


async def test_the_log_says_why_a_server_cannot_be_used(
    own_database: Database, down: Postbox, caplog: pytest.LogCaptureFixture
) -> None:
    """Without anybody's address: nothing has been said about a mail yet."""
    await posted(own_database, "ada@example.com")
    assert await sender_of(own_database, down.url()).send_next() == TROUBLE_SECONDS
    async with down.open(encrypted=False):
        await make_due(own_database)
        assert await sender_of(own_database, down.url()).send_next() == TROUBLE_SECONDS
    async with down.open():
        await make_due(own_database)
        wrong = down.url("tasks%40example.com:wrong")
        assert await sender_of(own_database, wrong).send_next() == TROUBLE_SECONDS
    refused, unencrypted, unknown = [getattr(each, "error", "") for each in caplog.records]
    assert refused.startswith("SMTPConnectError: Error connecting to 127.0.0.1")
    assert unencrypted == "SMTPException: SMTP STARTTLS extension not supported by server."
    assert unknown.startswith("SMTPAuthenticationError: (535, ")
    assert "ada@" not in caplog.text + refused + unencrypted + unknown


async def test_a_server_that_does_not_answer_is_given_up_in_time(
    own_database: Database, box: Postbox
) -> None:
    box.go_on.clear()
    await posted(own_database, "ada@example.com")
    sender = sender_of(own_database, box.url(), seconds=0.5)
    assert await sender.send_next() == TROUBLE_SECONDS
    assert box.arrived.is_set()
    row = await mail(own_database)
    assert (row.attempts, row.sent_at) == (1, None)
    assert row.next_attempt_at is not None


async def test_a_server_that_is_slow_at_each_step_is_given_up_in_time_too(
    own_database: Database, box: Postbox
) -> None:
    box.delay = 0.3
    await posted(own_database, "ada@example.com")
    sender = sender_of(own_database, box.url(), seconds=0.5)
    assert await sender.send_next() == TROUBLE_SECONDS
    assert (await mail(own_database)).sent_at is None


async def test_mail_can_be_sent_over_tls_from_the_first_byte_on(
    own_database: Database, down: Postbox
) -> None:
    await posted(own_database, "ada@example.com")
    async with down.open(encrypted_at_once=True):
        url = down.url("", scheme="smtps")
        assert await sender_of(own_database, url).send_next() == 0
    assert down.recipients == ["ada@example.com"]


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
async def test_a_server_that_nobody_vouches_for_is_told_nothing(
    own_database: Database, down: Postbox, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    await posted(own_database, "ada@example.com")
    async with down.open(encrypted_at_once=scheme == "smtps"):
        sender = sender_of(own_database, down.url(scheme=scheme))
        assert await sender.send_next() == TROUBLE_SECONDS
    row = await mail(own_database)
    assert row.last_error
    assert "certificate" in row.last_error
    assert not down.arrived.is_set()


async def test_without_a_server_the_mail_can_be_read_in_the_log(
    own_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "app")
    await posted(own_database, "ada@example.com")
    assert await sender_of(own_database, "console:").send_next() == 0
    shown = f"    To: ada@example.com\n    Subject: Hello\n\n    Hello! {LINK}\n"
    assert logged(caplog) == [f"INFO mail, sent to nobody:\n{shown}", "INFO mail sent"]
    assert (await mail(own_database)).sent_at is not None


async def test_a_mail_whose_sender_was_lost_is_sent_by_another(
    own_database: Database, box: Postbox
) -> None:
    box.go_on.clear()
    await posted(own_database, "ada@example.com")
    lost = asyncio.create_task(sender_of(own_database, box.url()).send_next())
    await asyncio.wait_for(box.arrived.wait(), SECONDS)
    lost.cancel()
    with pytest.raises(asyncio.CancelledError):
        await lost
    box.go_on.set()
    sender = sender_of(own_database, box.url())
    assert await sender.send_next() == IDLE_SECONDS  # it may still be at it
    await make_due(own_database)
    assert await sender.send_next() == 0
    assert (await mail(own_database)).attempts == 2


async def test_a_mail_that_is_sent_twice_is_the_same_mail(
    own_database: Database, box: Postbox
) -> None:
    await posted(own_database, "ada@example.com")
    sender = sender_of(own_database, box.url())
    for _ in range(2):
        # As if the first time had not been recorded.
        await make_due(own_database, sent_at=None, text="Hello!")
        assert await sender.send_next() == 0
    first, second = box.mails
    assert first["Message-ID"] == second["Message-ID"]


async def test_what_was_sent_or_given_up_long_ago_is_forgotten(own_database: Database) -> None:
    names = ["waits", "sent", "given up", "sent lately"]
    await posted(own_database, *(f"{name.replace(' ', '.')}@example.com" for name in names))
    long_ago, lately = now() - KEPT - timedelta(days=1), now() - timedelta(days=1)
    changes: list[dict[str, Any]] = [
        {"created_at": long_ago},
        {"created_at": long_ago, "next_attempt_at": None, "sent_at": long_ago},
        {"created_at": long_ago, "next_attempt_at": None},
        {"created_at": lately, "next_attempt_at": None, "sent_at": lately},
    ]
    rows = await mails(own_database)
    async with own_database.session() as session:
        for row, values in zip(rows, changes, strict=True):
            await session.execute(update(Mail).where(Mail.id == row.id).values(**values))
        await session.commit()
    sender = sender_of(own_database, "console:")
    for _ in range(2):
        await sender.forget_old()
        left = [row.recipient for row in await mails(own_database)]
        assert left == ["waits@example.com", "sent.lately@example.com"]


def application_on(database: Database) -> FastAPI:
    app = FastAPI()
    app.state.database = database
    return app


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
    sending = asyncio.create_task(sender_of(own_database, box.url(), seconds=0.5).run(stop))
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
