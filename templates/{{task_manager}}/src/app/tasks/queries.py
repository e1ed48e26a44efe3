"""Reading tasks: lists of them, and one of them."""

from collections.abc import Awaitable, Sequence
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import FieldProblem, NotFoundError
from app.core.pages import Page, page_of, read_cursor
from app.core.search import searched_words
from app.core.validation import invalid_fields
from app.projects.access import Access, enter
from app.projects.models import Project
from app.tasks import statements
from app.tasks.keys import find_key, split_key, task_key
from app.tasks.models import Task
from app.tasks.schemas import FullTask, TaskQuery, TaskSummary
from app.tasks.values import Priority, Status
from app.users.accounts import Account
from app.users.names import name_key

NOT_OF_PROJECT = "is not a task of this project"

View = TypeVar("View", bound=TaskSummary)

_NAMES = ("assignee", "author")
_SHOWN = len(statements.Shown._fields)


async def list_tasks(
    session: AsyncSession, user: Account, key: str, wanted: TaskQuery
) -> Page[TaskSummary]:
    """List the tasks of a project.

    Raises:
        NotFoundError: There is no such project.
        InvalidError: The cursor is none of this list, or the parent no task of this project.
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
        values["priority"] = [priority.number for priority in wanted.priority]
    if wanted.parent is not None:
        values["parent"] = _number_of(access.project, wanted.parent)
    searched, keyed = None, False
    if wanted.q is not None:
        searched = session.get_bind().dialect.name
        values["words"] = searched_words(wanted.q, searched)
        named = find_key(wanted.q)
        if named is not None and named.project == key:
            keyed, values["searched_number"] = True, named.number
    if wanted.cursor is not None:
        place = read_cursor(wanted.cursor, statements.SORTINGS[wanted.sort].kinds)
        values |= {f"place_{index}": value for index, value in enumerate(place)}
    query = statements.select_page(
        tuple(given),
        wanted.sort,
        searched=searched,
        keyed=keyed,
        goes_on=wanted.cursor is not None,
    )
    rows = (await session.execute(query, values)).all()
    return page_of(
        rows,
        wanted.limit,
        lambda row: _view_of(TaskSummary, row[:_SHOWN]),
        lambda row: row[_SHOWN:],
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
    row = (await session.execute(statements.select_one(), values)).one_or_none()
    if row is None:
        raise no_task()
    *columns, description = row
    return _view_of(FullTask, columns, description=description)


async def find_task(session: AsyncSession, user: Account, key: str) -> int:
    """Find a task that somebody may read.

    Returns:
        Its row's number.

    Raises:
        NotFoundError: There is no such task.
    """
    access, number = await enter_by_task(session, user, key)
    query = select(Task.id).where(Task.project_id == access.project.id, Task.number == number)
    if (found := await session.scalar(query)) is None:
        raise no_task()
    return found


async def enter_by_task(session: AsyncSession, user: Account, key: str) -> tuple[Access, int]:
    """Enter the project of a task that there is, or was.

    Returns:
        The project and the task's number.

    Raises:
        NotFoundError: There is no such project, or it never had such a task.
    """
    project, number = split_key(key)
    access = await through_task(enter(session, user, project))
    if number > access.project.last_task:
        raise no_task()
    return access, number


async def through_task(entering: Awaitable[Access]) -> Access:
    """Enter the project of a task; where that fails, there is no such task for who asks.

    Raises:
        NotFoundError: There is no such project.
    """
    try:
        return await entering
    except NotFoundError:
        raise no_task() from None


def no_task() -> NotFoundError:
    """The answer for a task that is not there, and for one that may not be known of."""
    return NotFoundError("There is no task with this key.", code="no_task")


def _number_of(project: Project, parent: str) -> int:
    """The number of the task whose subtasks are wanted."""
    of_project, number = split_key(parent)
    if of_project != project.key or number > project.last_task:
        raise invalid_fields(FieldProblem("parent", NOT_OF_PROJECT))
    return number


def _view_of(view: type[View], columns: Sequence[Any], **more: Any) -> View:
    """Make what is shown of a task, from the columns of `Shown` and what is shown beside them.

    By position: looking each up by its name in the row takes longer than all else done here.
    """
    shown = statements.Shown._make(columns)
    return view(
        key=task_key(shown.project, shown.number),
        title=shown.title,
        status=Status(shown.status),
        priority=Priority.of(shown.priority),
        assignee=shown.assignee,
        # Sorted here, for databases differ in how they sort text.
        labels=sorted(shown.labels.split(statements.SEPARATOR)) if shown.labels else [],
        due_date=shown.due_date,
        parent=None if shown.parent is None else task_key(shown.project, shown.parent),
        author=shown.author,
        version=shown.version,
        created_at=shown.created_at,
        updated_at=shown.updated_at,
        **more,
    )
