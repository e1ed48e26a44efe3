"""The SELECTs about tasks. Each is built once, and gets its values as parameters.

Putting such a statement together takes SQLAlchemy longer than running it takes the database. So
what a list is filtered and sorted by decides which statement is taken, and the values go in when it
is run. Columns are those of the tables and not of the classes, for rows are wanted and no objects.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Annotated, Any, NamedTuple

from pydantic import Field
from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from app.core.pages import PlaceInTime
from app.core.text import GREATEST_ID
from app.projects.models import Project
from app.tasks.models import Task, TaskLabel
from app.tasks.schemas import Sort
from app.tasks.search import MATCHES
from app.tasks.values import Priority, Status
from app.users.models import User

SEPARATOR = ","
"""What stands between the labels of a row; no label has it."""

_task = Task.__table__.c
_label = TaskLabel.__table__.c
_project = Project.__table__.c
_author = User.__table__.alias("author")
_assignee = User.__table__.alias("assignee")
_parent = Task.__table__.alias("parent")


def _user_named(parameter: str) -> Any:
    user = User.__table__.c
    return select(user.id).where(user.username_key == bindparam(parameter)).scalar_subquery()


CONDITIONS: Mapping[str, ColumnElement[bool]] = {
    "status": _task.status.in_(bindparam("status", expanding=True)),
    "priority": _task.priority.in_(bindparam("priority", expanding=True)),
    "assignee": _task.assignee_id == _user_named("assignee"),
    "assigned": _task.assignee_id.is_not(None) == bindparam("assigned"),
    "author": _task.author_id == _user_named("author"),
    "label": exists().where(
        _label.task_id == _task.id, _label.name.in_(bindparam("label", expanding=True))
    ),
    "parent": _parent.c.number == bindparam("parent"),
    "subtask": _task.parent_id.is_not(None) == bindparam("subtask"),
    "due_from": _task.due_date >= bindparam("due_from"),
    "due_until": _task.due_date <= bindparam("due_until"),
}
"""What the tasks of a list can have in common. Each takes a parameter of the same name.

Those that allow several values take a list of them.
"""


class Sorting(NamedTuple):
    """How a list is sorted.

    Attributes:
        columns: By what, the last of which tells all rows apart.
        kinds: The types of their values, as a cursor may have them.
        down: Whether the greatest comes first.
        beside: What else a cursor has.
    """

    columns: Sequence[ColumnElement[Any]]
    kinds: Sequence[Any]
    down: bool = False
    beside: Sequence[ColumnElement[Any]] = ()


Number = Annotated[int, Field(ge=-GREATEST_ID, le=GREATEST_ID)]
# Narrower, for PostgreSQL takes these for smaller numbers, and no others.
_Column = Annotated[int, Field(ge=0, lt=len(Status))]
_Priority = Annotated[int, Field(ge=0, lt=len(Priority))]

_column = case({each.value: place for place, each in enumerate(Status)}, value=_task.status)
# Tasks that are never due come last, whichever way round the others stand.
_due = func.coalesce(_task.due_date, literal(date.max, Date))
_due_down = func.coalesce(_task.due_date, literal(date.min, Date))
_number = _task.number

SORTINGS: Mapping[Sort, Sorting] = {
    Sort.POSITION: Sorting(
        (_column, _task.rank, _number),
        (_Column, Number, Number, Number),
        beside=(_task.version,),
    ),
    Sort.CREATED: Sorting((_number,), (Number,)),
    Sort.CREATED_LAST: Sorting((_number,), (Number,), down=True),
    Sort.UPDATED: Sorting((_task.updated_at, _number), (PlaceInTime, Number)),
    Sort.UPDATED_LAST: Sorting((_task.updated_at, _number), (PlaceInTime, Number), down=True),
    Sort.PRIORITY: Sorting((_task.priority, _number), (_Priority, Number)),
    Sort.PRIORITY_LAST: Sorting((_task.priority, _number), (_Priority, Number), down=True),
    Sort.DUE: Sorting((_due, _number), (date, Number)),
    Sort.DUE_LAST: Sorting((_due_down, _number), (date, Number), down=True),
}


class Shown(NamedTuple):
    """What is shown of a task in a list: the columns that each row begins with, in their order."""

    project: str
    number: int
    title: str
    status: str
    priority: int
    assignee: str | None
    labels: str | None
    due_date: date | None
    parent: int | None
    author: str
    version: int
    created_at: datetime
    updated_at: datetime


# A client decides which it takes, and there are thousands; each has some kilobytes.
@lru_cache(maxsize=256)
def select_page(
    conditions: tuple[str, ...], sort: Sort, *, searched: str | None, keyed: bool, goes_on: bool
) -> Select[Any]:
    """Select a part of the list of a project's tasks.

    Args:
        conditions: Keys of `CONDITIONS`; all must be met.
        sort: How it is sorted.
        searched: By which database's means the parameter `words` is searched for, if at all.
        keyed: Whether a search also finds the task with the parameter `searched_number`.
        goes_on: Whether it begins after a place, in the parameters `place_0`, `place_1`, ...

    Returns:
        A statement with the parameters `project`, `limit`, and those of the conditions.
    """
    sorting = SORTINGS[sort]
    query = _described().where(
        _task.project_id == bindparam("project"), *(CONDITIONS[name] for name in conditions)
    )
    if searched:
        named = [_number == bindparam("searched_number")] if keyed else []
        query = query.where(or_(MATCHES[searched], *named))
    if goes_on:
        here, place = tuple_(*sorting.columns), tuple_(*_place(sort))
        query = query.where(here < place if sorting.down else here > place)
    order = [column.desc() if sorting.down else column for column in sorting.columns]
    cursor = (*sorting.columns, *sorting.beside)
    return query.add_columns(*cursor).order_by(*order).limit(bindparam("limit"))


@cache
def select_one() -> Select[Any]:
    """Select the task with the parameters `project` and `number`, with its description."""
    return (
        _described()
        .add_columns(_task.description)
        .where(_task.project_id == bindparam("project"), _task.number == bindparam("number"))
    )


def _place(sort: Sort) -> list[ColumnElement[Any]]:
    """The place after which a list goes on."""
    columns = SORTINGS[sort].columns
    place: list[ColumnElement[Any]] = [
        bindparam(f"place_{index}", type_=column.type) for index, column in enumerate(columns)
    ]
    if sort is Sort.POSITION:
        _, rank, number = place
        # Numbering a column anew changes its ranks. A task that is in the same version was not
        # moved, so it is still the place, wherever that is now.
        version = bindparam("place_3", type_=_task.version.type)
        last = Task.__table__.alias("last").c
        rank_now = select(last.rank).where(
            last.project_id == bindparam("project"), last.number == number, last.version == version
        )
        place[1] = func.coalesce(rank_now.scalar_subquery(), rank)
    return place


def _described() -> Select[Any]:
    """Everything that is shown of a task in a list: see `Shown`."""
    labels = (
        select(func.aggregate_strings(_label.name, SEPARATOR))
        .where(_label.task_id == _task.id)
        .scalar_subquery()
    )
    return (
        select(
            _project.key,
            _task.number,
            _task.title,
            _task.status,
            _task.priority,
            _assignee.c.username.label("assignee_name"),
            labels.label("labels"),
            _task.due_date,
            _parent.c.number.label("parent_number"),
            _author.c.username.label("author_name"),
            _task.version,
            _task.created_at,
            _task.updated_at,
        )
        .join(Project.__table__, _project.id == _task.project_id)
        .join(_author, _author.c.id == _task.author_id)
        .outerjoin(_assignee, _assignee.c.id == _task.assignee_id)
        .outerjoin(_parent, _parent.c.id == _task.parent_id)
    )
