"""Tasks, as they wait in the database."""

from typing import Any

from django_tasks import TaskResultStatus
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

UNFINISHED = (TaskResultStatus.READY, TaskResultStatus.RUNNING)


def is_waiting(task: Task[Any, Any]) -> bool:
    """Whether a task is in the queue, or is being run, for whatever it may be."""
    return DBTaskResult.objects.filter(task_path=task.module_path, status__in=UNFINISHED).exists()
