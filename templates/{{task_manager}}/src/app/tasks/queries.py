"""Reading tasks: lists of them, and one of them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import NotFoundError
from app.core.pages import Page, page_of, read_cursor
from app.core.search import searched_words
from app.projects.access import Access, enter
from app.projects.models import Project
from app.tasks import statements
from app.tasks.keys import parts_of, task_key
from app.tasks.models import Task
from app.tasks.schemas import FullTask, TaskQuery, TaskSummary
from app.tasks.values import Priority, Status
from app.users.accounts import Account
from app.users.names import name_key

_NAMES = ("assignee", "author")


async def list_tasks(
    session: AsyncSession, user: Account, key: str, wanted: TaskQuery
) -> Page[TaskSummary]:
    """List the tasks of a project.

    Raises:
        NotFoundError: There is no such project.
        InvalidError: The cursor is none of this list.
    """
    access = await enter(session, user, key)
    given = wanted.model_dump(include=set(statements.CONDITIONS), exclude_none=True)
    values: dict[str, Any] = {
        **given,
        **{name: name_key(given[name]) for name in _NAMES if name in given},
        "project": access.project.id,
        "limit": wanted.limit + 1,
    }
    if wanted.priority is not None:
        values["priority"] = wanted.priority.number
    if wanted.parent is not None:
        parent = parts_of(wanted.parent)
        # Tasks have no parts in other projects.
        values["parent"] = parent.number if parent.project == key else 0
    searched = None
    if wanted.q is not None:
        searched = session.get_bind().dialect.name
        values["words"] = searched_words(wanted.q, searched)
    if wanted.cursor is not None:
        place = read_cursor(wanted.cursor, statements.SORTINGS[wanted.sort].kinds)
        values |= {f"place_{index}": value for index, value in enumerate(place)}
    query = statements.page(
        tuple(given), wanted.sort, searched=searched, goes_on=wanted.cursor is not None
    )
    rows = (await session.execute(query, values)).all()
    return page_of(
        rows,
        wanted.limit,
        lambda row: TaskSummary(**_shown(row[: statements.SHOWN])),
        lambda row: row[statements.SHOWN :],
    )


async def get_task(session: AsyncSession, user: Account, key: str) -> FullTask:
    """Read one task.

    Raises:
        NotFoundError: There is no such task.
    """
    access, number = await enter_by_task(session, user, key)
    return await read_task(session, access.project, number)


async def read_task(session: AsyncSession, project: Project, number: int) -> FullTask:
    """Read one task of a project that was entered.

    Raises:
        NotFoundError: There is no such task.
    """
    values = {"project": project.id, "number": number}
    row = (await session.execute(statements.one(), values)).one_or_none()
    if row is None:
        raise no_task()
    *shown, description = row
    return FullTask(**_shown(shown), description=description)


async def find_task(session: AsyncSession, user: Account, key: str) -> tuple[Access, int]:
    """Find a task that somebody may read.

    Returns:
        Its project and its row's number.

    Raises:
        NotFoundError: There is no such task.
    """
    access, number = await enter_by_task(session, user, key)
    query = select(Task.id).where(Task.project_id == access.project.id, Task.number == number)
    if (found := await session.scalar(query)) is None:
        raise no_task()
    return access, found


async def enter_by_task(session: AsyncSession, user: Account, key: str) -> tuple[Access, int]:
    """Enter the project of a task that there is, or was.

    Returns:
        The project and the task's number.

    Raises:
        NotFoundError: There is no such project, or it never had such a task.
    """
    project, number = parts_of(key)
    try:
        access = await enter(session, user, project)
    except NotFoundError:
        raise no_task() from None
    if number > access.project.last_task:
        raise no_task()
    return access, number


def no_task() -> NotFoundError:
    """The answer for a task that is not there, and for one that may not be known of."""
    return NotFoundError("There is no task with this key.", code="no_task")


def _shown(row: Sequence[Any]) -> dict[str, Any]:
    """What is shown of a task, from the columns that `statements` selects, in their order.

    By position: looking each column up by its name takes longer than all else that is done here.
    """
    (
        project,
        number,
        title,
        status,
        priority,
        assignee,
        labels,
        due_date,
        parent,
        author,
        version,
        created_at,
        updated_at,
    ) = row
    return {
        "key": task_key(project, number),
        "title": title,
        "status": Status(status),
        "priority": Priority.of(priority),
        "assignee": assignee,
        # Sorted here, for databases differ in how they sort text.
        "labels": sorted(labels.split(statements.SEPARATOR)) if labels else [],
        "due_date": due_date,
        "parent": None if parent is None else task_key(project, parent),
        "author": author,
        "version": version,
        "created_at": created_at,
        "updated_at": updated_at,
    }
