"""Mail: sent if what it is about was kept, once, and then forgotten."""

import asyncio
import logging
from datetime import timedelta
from typing import Any

import pytest
from mailing import LINK, SECONDS, logged, mail, mails, make_due, posted, sender_of, until_idle
from postbox import Postbox
from sqlalchemy import update

from app.core.database import Database
from app.core.models import now
from app.mail.models import Mail
from app.mail.outbox import post
from app.mail.sender import IDLE_SECONDS, KEPT


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


async def test_mail_can_be_sent_over_tls_from_the_first_byte_on(
    own_database: Database, down: Postbox
) -> None:
    await posted(own_database, "ada@example.com")
    async with down.open(encrypted_at_once=True):
        url = down.url("", scheme="smtps")
        assert await sender_of(own_database, url).send_next() == 0
    assert down.recipients == ["ada@example.com"]


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
