"""Mail that a server does not take: tried again or given up, and others are sent meanwhile."""

import pytest
from mailing import logged, mail, mails, posted, sender_of, until_idle
from postbox import Postbox
from sqlalchemy import update

from app.core.database import Database
from app.core.models import now
from app.mail.models import Mail


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
