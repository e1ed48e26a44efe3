"""Tasks of somebody who leaves a project."""

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from app.activity.models import Kind
from app.activity.recording import record
from app.core.models import now
from app.projects.models import Project
from app.tasks.models import Task
from app.users.accounts import Account
from app.users.models import User


async def unassign_all(
    session: AsyncSession, project: Project, actor: Account, person: User
) -> None:
    """Have all tasks of somebody in a locked project be nobody's."""
    found = await session.scalars(
        update(Task)
        .where(Task.project_id == project.id, Task.assignee_id == person.id)
        .values(assignee_id=None, version=Task.version + 1, updated_at=now())
        .returning(Task.number)
    )
    for number in sorted(found):
        changed = {"assignee": (person.username, None)}
        record(session, project, actor, Kind.TASK_CHANGED, changed, task=number)
