"""Finding a task to change it, or to change something about it. The project is locked then."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from app.activity.models import Kind
from app.activity.recording import Changes, record
from app.projects.access import Access, enter_to_change
from app.projects.models import Project
from app.projects.roles import Right
from app.tasks.keys import split_key
from app.tasks.models import Task
from app.tasks.queries import no_task, through_task
from app.users.accounts import Account


@dataclass(frozen=True, slots=True)
class TaskAccess:
    """Somebody who may change something about a task."""

    access: Access
    task: Task

    @property
    def project(self) -> Project:
        """The project that it belongs to."""
        return self.access.project

    @property
    def user(self) -> Account:
        """Who it is."""
        return self.access.user

    def record(
        self, session: AsyncSession, kind: Kind, changes: Changes, *, subject: str | None = None
    ) -> None:
        """Add an entry to the history, about the task or about something on it."""
        number = self.task.number
        record(session, self.project, self.user, kind, changes, subject=subject, task=number)


async def enter_to_change_task(
    session: AsyncSession, user: Account, key: str, right: Right = Right.WORK
) -> TaskAccess:
    """Find a task, and keep everybody else from changing its project until the commit.

    Raises:
        NotFoundError: There is no such task.
        ForbiddenError: The user's role does not allow it.
    """
    project, number = split_key(key)
    access = await through_task(enter_to_change(session, user, project, right))
    query = (
        select(Task)
        .where(Task.project_id == access.project.id, Task.number == number)
        .options(selectinload(Task.labels))
        .execution_options(populate_existing=True)
    )
    if (task := await session.scalar(query)) is None:
        raise no_task()
    return TaskAccess(access, task)
