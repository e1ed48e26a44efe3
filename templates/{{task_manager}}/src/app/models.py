"""All models, for whoever needs the whole schema: migrations and tests."""

from app.activity.models import Activity
from app.comments.models import Comment
from app.core.models import Base
from app.invitations.models import Invitation
from app.mail.models import Mail
from app.notifications.models import Notification
from app.projects.models import Member, Project
from app.tasks.models import Task, TaskLabel
from app.users.models import Session, User

__all__ = [
    "Activity",
    "Base",
    "Comment",
    "Invitation",
    "Mail",
    "Member",
    "Notification",
    "Project",
    "Session",
    "Task",
    "TaskLabel",
    "User",
]
