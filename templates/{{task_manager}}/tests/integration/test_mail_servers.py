"""Mail servers that are down, slow or not to be trusted: mail is tried again later."""

from datetime import timedelta

import pytest
from mailing import LINK, REACHED, logged, mail, make_due, posted, sender_of
from postbox import Postbox

from app.core.database import Database
from app.core.models import now
from app.mail.sender import ATTEMPTS, FIRST_PAUSE, IDLE_SECONDS, TROUBLE_SECONDS


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
    sender = sender_of(own_database, box.url(), seconds=REACHED)
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
