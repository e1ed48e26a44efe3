"""Writing tasks. Each change is in the history, and makes a new version of the task."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import flag_modified

from app.activity.models import Kind
from app.activity.recording import Changes, created, differences, removed
from app.core.errors import ConflictError, FieldProblem, InvalidError
from app.core.models import now
from app.core.validation import invalid_fields
from app.core.versions import Expected
from app.notifications.service import notify_of_assignment
from app.projects.access import enter_to_change
from app.projects.members import find_member
from app.projects.models import Project
from app.projects.roles import Right
from app.tasks.access import TaskAccess, enter_to_change_task
from app.tasks.keys import split_key, task_key
from app.tasks.models import Task, TaskLabel
from app.tasks.queries import NOT_OF_PROJECT, read_task
from app.tasks.ranks import Column
from app.tasks.schemas import FullTask, Move, NewTask, TaskChanges
from app.tasks.values import Priority, Status, check_move
from app.users.accounts import Account
from app.users.models import User

_NAMED = frozenset({"assignee", "parent"})
"""Fields that are the names of something else."""


async def create(session: AsyncSession, user: Account, key: str, new: NewTask) -> FullTask:
    """Make a task.

    Raises:
        NotFoundError: There is no such project.
        ForbiddenError: The user's role does not allow it.
        InvalidError: The assignee is no member, or the parent cannot have subtasks.
    """
    access = await enter_to_change(session, user, key)
    project = access.project
    assignee = await _member(session, project, new.assignee)
    parent = await _parent(session, project, new.parent)
    column = Column(session, project.id, Status.TODO)
    last = await column.last()
    moment = now()
    project.last_task += 1
    task = Task(
        project_id=project.id,
        number=project.last_task,
        title=new.title,
        description=new.description,
        status=Status.TODO,
        priority=new.priority.number,
        assignee_id=assignee.id if assignee else None,
        parent_id=parent.id if parent else None,
        due_date=new.due_date,
        rank=await column.rank_after(last),
        version=1,
        author_id=user.id,
        created_at=moment,
        updated_at=moment,
        labels=[TaskLabel(name=name) for name in new.labels],
    )
    session.add(task)
    await session.flush()
    made = TaskAccess(access, task)
    fields = created(**await _fields(session, made, _NAMED), after=_key(project, last))
    made.record(session, Kind.TASK_CREATED, fields)
    if assignee:
        await notify_of_assignment(session, assignee.id, actor_id=user.id, task_id=task.id)
    await session.flush()
    return await read_task(session, project, task.number)


async def change(
    session: AsyncSession, user: Account, key: str, expected: Expected, changes: TaskChanges
) -> FullTask:
    """Change a task.

    Raises:
        NotFoundError: There is no such task.
        ForbiddenError: The user's role does not allow it.
        StaleError: It has changed since the client saw it.
        ConflictError: It cannot go to this status, or has subtasks and cannot be one.
        InvalidError: The assignee is no member, or the parent cannot have subtasks.
    """
    found = await _enter(session, user, key, expected)
    before = await _fields(session, found, changes.model_fields_set)
    assignee = await _member(session, found.project, changes.assignee)
    after = _edit(found.task, changes)
    if "assignee" in changes.model_fields_set:
        found.task.assignee_id = assignee.id if assignee else None
        after["assignee"] = assignee.username if assignee else None
    if "parent" in changes.model_fields_set:
        parent = await _parent(session, found.project, changes.parent, of=found)
        found.task.parent_id = parent.id if parent else None
        after["parent"] = changes.parent
    changed = dict(differences(before, after))
    if changes.status is not None and changes.status != found.task.status:
        column = Column(session, found.project.id, changes.status)
        changed |= await _place(session, found, changes.status, await column.last())
    if changed:
        _make_version(session, found, changed)
    if assignee and "assignee" in changed:
        await notify_of_assignment(session, assignee.id, actor_id=user.id, task_id=found.task.id)
    await session.flush()
    return await read_task(session, found.project, found.task.number)


async def move(
    session: AsyncSession, user: Account, key: str, expected: Expected, where: Move
) -> FullTask:
    """Move a task on the board: to another column, or to another place in its own.

    Raises:
        NotFoundError: There is no such task.
        ForbiddenError: The user's role does not allow it.
        StaleError: It has changed since the client saw it.
        ConflictError: It cannot go to this status, or the other task is not in that column.
    """
    found = await _enter(session, user, key, expected)
    task = found.task
    after = None
    if where.after is not None:
        project, after = split_key(where.after)
        if project != found.project.key or after == task.number:
            raise _not_in_column()
    status = where.status or Status(task.status)
    if changed := await _place(session, found, status, after):
        _make_version(session, found, changed)
    await session.flush()
    return await read_task(session, found.project, task.number)


async def remove(session: AsyncSession, user: Account, key: str, expected: Expected) -> None:
    """Remove a task, with its comments. The history keeps what it was.

    Raises:
        NotFoundError: There is no such task.
        ForbiddenError: The user's role does not allow it.
        StaleError: It has changed since the client saw it.
        ConflictError: It has subtasks.
    """
    found = await _enter(session, user, key, expected, Right.MANAGE)
    if await _has_subtasks(session, found.task):
        raise ConflictError(
            "This task has subtasks. Remove them first, or make them parts of another.",
            code="has_subtasks",
        )
    fields = removed(**await _fields(session, found, _NAMED))
    found.record(session, Kind.TASK_REMOVED, fields)
    await session.delete(found.task)
    await session.flush()


async def _enter(
    session: AsyncSession,
    user: Account,
    key: str,
    expected: Expected,
    right: Right = Right.WORK,
) -> TaskAccess:
    """Find a task to change it, in a version that is expected; nobody else changes it meanwhile."""
    found = await enter_to_change_task(session, user, key, right)
    expected.check(found.task.version)
    return found


def _make_version(session: AsyncSession, found: TaskAccess, changes: Changes) -> None:
    """Make a new version of a task that has changed, and write its history."""
    found.task.version += 1
    found.task.updated_at = now()
    found.record(session, Kind.TASK_CHANGED, changes)


def _edit(task: Task, changes: TaskChanges) -> dict[str, Any]:
    """Change what a task says of itself, and tell what it says then."""
    after = changes.model_dump(
        include={"title", "description", "priority", "labels"}, exclude_none=True
    )
    for name in after.keys() & {"title", "description"}:
        setattr(task, name, after[name])
    if changes.priority is not None:
        task.priority = changes.priority.number
    if changes.labels is not None:
        there = {label.name: label for label in task.labels}
        task.labels = [there.get(name) or TaskLabel(name=name) for name in changes.labels]
    if "due_date" in changes.model_fields_set:
        task.due_date = changes.due_date
        after["due_date"] = _day(task)
    return after


async def _place(
    session: AsyncSession, found: TaskAccess, status: Status, after: int | None
) -> dict[str, tuple[Any, Any]]:
    """Put a task into a column, below another task, and tell what that changes."""
    task, project = found.task, found.project
    before = Status(task.status)
    check_move(before, status)
    old_column = Column(session, project.id, before, moved=task.number)
    above = await old_column.above(task.rank)
    if (status, after) == (before, above):
        return {}
    column = Column(session, project.id, status, moved=task.number)
    rank = await column.rank_after(after)
    if rank is None:
        raise _not_in_column()
    task.status, task.rank = status, rank
    # Numbering the column anew may have changed the old one, which the session does not know of.
    flag_modified(task, "rank")
    places = {"after": (_key(project, above), _key(project, after))}
    return places if status is before else {"status": (before, status), **places}


async def _fields(
    session: AsyncSession, found: TaskAccess, names: Collection[str]
) -> dict[str, Any]:
    """What a task is, as the history has it. Those of `_NAMED` are looked up if they are wanted."""
    task = found.task
    fields: dict[str, Any] = {
        "title": task.title,
        "description": task.description,
        "status": Status(task.status),
        "priority": Priority.of(task.priority),
        "labels": sorted(label.name for label in task.labels),
        "due_date": _day(task),
        "assignee": None,
        "parent": None,
    }
    if "assignee" in names and task.assignee_id is not None:
        fields["assignee"] = (await session.get_one(User, task.assignee_id)).username
    if "parent" in names and task.parent_id is not None:
        parent = await session.get_one(Task, task.parent_id)
        fields["parent"] = _key(found.project, parent.number)
    return fields


async def _member(session: AsyncSession, project: Project, name: str | None) -> User | None:
    if name is None:
        return None
    if (user := await find_member(session, project, name)) is None:
        raise invalid_fields(FieldProblem("assignee", "is not a member of this project"))
    return user


async def _parent(
    session: AsyncSession, project: Project, key: str | None, *, of: TaskAccess | None = None
) -> Task | None:
    """Find the task that another is to be a part of. Subtasks have none of their own."""
    if key is None:
        return None
    of_project, number = split_key(key)
    query = select(Task).where(Task.project_id == project.id, Task.number == number)
    parent = await session.scalar(query) if of_project == project.key else None
    if parent is None:
        raise _no_parent(NOT_OF_PROJECT)
    if of and parent.id == of.task.id:
        raise _no_parent("is the task itself")
    if parent.parent_id is not None:
        raise _no_parent("is a subtask, and these have none of their own")
    if of and await _has_subtasks(session, of.task):
        raise ConflictError("This task has subtasks, so it cannot be one.", code="has_subtasks")
    return parent


async def _has_subtasks(session: AsyncSession, task: Task) -> bool:
    return bool(await session.scalar(select(exists().where(Task.parent_id == task.id))))


def _no_parent(message: str) -> InvalidError:
    return invalid_fields(FieldProblem("parent", message))


def _not_in_column() -> ConflictError:
    return ConflictError(
        "The task that is to be above it is not in that column. Read the board again.",
        code="not_in_column",
    )


def _key(project: Project, number: int | None) -> str | None:
    return None if number is None else task_key(project.key, number)


def _day(task: Task) -> str | None:
    return task.due_date.isoformat() if task.due_date else None
