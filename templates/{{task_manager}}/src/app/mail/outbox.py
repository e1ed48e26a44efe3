"""Where mails wait to be sent."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.models import now
from app.mail.models import Mail


async def post(session: AsyncSession, *, to: str, subject: str, text: str) -> None:
    """Have a mail sent when the session is committed, and not if it is rolled back.

    Args:
        session: The session of what the mail is about.
        to: The address, as `app.core.text.Email` lets it through.
        subject: What it is about. Whatever spaces and line breaks it has become single spaces, so
            that nothing that somebody calls a project becomes a header.
        text: What it says.

    Raises:
        ValueError: The address has spaces or line breaks in it.
    """
    if to.split() != [to]:
        raise ValueError("this is no address to send mail to")
    moment = now()
    mail = Mail(
        recipient=to,
        subject=" ".join(subject.split()),
        text=text,
        created_at=moment,
        next_attempt_at=moment,
    )
    session.add(mail)
    await session.flush()
