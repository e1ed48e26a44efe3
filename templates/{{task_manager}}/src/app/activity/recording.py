"""Writing the history, in the same transaction as what it tells of."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.activity.models import Activity, Kind
from app.core.models import now
from app.projects.models import Project
from app.tasks.keys import task_key
from app.users.accounts import Account

Changes = Mapping[str, tuple[Any, Any]]
"""What a field was, and what it is, by its name. The values are as JSON has them."""


def record(
    session: AsyncSession,
    project: Project,
    actor: Account,
    kind: Kind,
    changes: Changes,
    *,
    subject: str | None = None,
    task: int | None = None,
) -> None:
    """Add an entry to a project's history.

    Args:
        session: The session in which the change is made.
        project: The project, locked.
        actor: Who makes the change.
        kind: What happens.
        changes: What changes, from what, to what.
        subject: What exactly it is about; needed unless it is a task.
        task: The number of the task that it is about, if it is about one.
    """
    if subject is None:
        if task is None:
            raise ValueError("An entry is about something.")
        subject = task_key(project.key, task)
    project.last_activity += 1
    entry = Activity(
        project_id=project.id,
        seq=project.last_activity,
        at=now(),
        actor_id=actor.id,
        kind=kind,
        task_number=task,
        subject=subject,
        changes={field: list(values) for field, values in changes.items()},
    )
    session.add(entry)


def created(**fields: Any) -> Changes:
    """The changes of something that was not there before: the fields that are something."""
    return {name: (None, value) for name, value in fields.items() if value is not None}


def removed(**fields: Any) -> Changes:
    """The changes of something that is not there any more: the fields that were something."""
    return {name: (value, None) for name, value in fields.items() if value is not None}


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    """The changes of something that is there: the fields that are not what they were."""
    return {name: (before[name], value) for name, value in after.items() if before[name] != value}
