"""What a mail looks like when it is sent."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.mail.delivery import message_of
from app.mail.models import Mail
from app.mail.outbox import post

SENDER = "Tasks <tasks@example.com>"


def mail_to(recipient: str) -> Mail:
    moment = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    return Mail(id=7, recipient=recipient, subject="Grüße", text="Schöne Grüße!", created_at=moment)


def test_a_mail_has_all_that_mails_should_have() -> None:
    assert message_of(mail_to("ada@example.com"), SENDER).items() == [
        ("From", "Tasks <tasks@example.com>"),
        ("To", "ada@example.com"),
        ("Subject", "Grüße"),
        ("Date", "Wed, 04 Mar 2026 05:06:07 +0000"),
        ("Message-ID", "<7.1772600767.000@example.com>"),
        ("Auto-Submitted", "auto-generated"),
        ("Content-Type", 'text/plain; charset="utf-8"'),
        ("Content-Transfer-Encoding", "8bit"),
        ("MIME-Version", "1.0"),
    ]


@pytest.mark.parametrize(
    ("recipient", "expected"),
    [
        ("ada@straße.example", "ada@xn--strae-oqa.example"),  # and not ada@strasse.example
        ("jürgen@münchen.example", "jürgen@xn--mnchen-3ya.example"),
    ],
)
def test_domains_are_written_so_that_every_server_knows_them(recipient: str, expected: str) -> None:
    assert message_of(mail_to(recipient), SENDER)["To"] == expected


@pytest.mark.parametrize("to", ["ada@example.com\nBcc: eve@example.com", "ada@example.com ", ""])
async def test_what_is_no_address_is_refused_before_it_is_kept(to: str) -> None:
    session = AsyncSession()
    with pytest.raises(ValueError, match="no address"):
        await post(session, to=to, subject="Hello", text="Hello!")
    assert not session.new
