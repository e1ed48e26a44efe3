"""The mail that invites somebody."""

from typing import NamedTuple

from app.invitations.models import Invitation
from app.projects.models import Project

TEXT = """\
Hello,

{inviter} invites you to the project {name} ({key}), as {role}.

To accept, open this address, and sign in or register with this e-mail address:

    {address}

It is good until {until}. Whoever works with the API itself sends the part after the # as `token` to
POST /api/invitations/accept.

If you do not know what this is about, do nothing.
"""


class Mail(NamedTuple):
    """What a mail says."""

    subject: str
    text: str


def invitation_mail(
    project: Project, invitation: Invitation, inviter: str, token: str, front_end_url: str
) -> Mail:
    """Write the mail.

    Args:
        project: To what somebody is invited.
        invitation: To be what, and until when.
        inviter: The name of who invites.
        token: What shows that somebody got this mail.
        front_end_url: Where the front end is. The token is behind a #, so that it is never sent to
            a server or written into its log.
    """
    text = TEXT.format(
        inviter=inviter,
        name=project.name,
        key=project.key,
        role=invitation.role,
        address=f"{front_end_url}/invitation#{token}",
        until=f"{invitation.expires_at:%Y-%m-%d %H:%M} UTC",
    )
    return Mail(f"{inviter} invites you to {project.name}", text)
