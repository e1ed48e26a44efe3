"""The state of a project by its history alone, and by the tables, to compare."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.comments.models import Comment
from app.core.database import Database
from app.invitations.models import Invitation
from app.projects.models import Member, Project
from app.tasks.models import Task, TaskLabel
from app.tasks.values import Priority, Status
from app.users.models import User

Entry = Mapping[str, Any]
Fields = dict[str, Any]


@dataclass
class State:
    """What there is in a project.

    Attributes:
        project: Its key, name and description.
        members: The role of each, by name.
        tasks: What each says, by its key.
        columns: The keys of the tasks with each status, from the top.
        comments: What each says, by its number.
        invitations: What each open one offers, by its number.
    """

    project: Fields = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)
    tasks: dict[str, Fields] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=lambda: {each: [] for each in Status})
    comments: dict[str, Fields] = field(default_factory=dict)
    invitations: dict[str, str] = field(default_factory=dict)


def replay(history: Sequence[Entry]) -> State:
    """Do again what a history tells, from nothing.

    Each entry must go with what was there before it.
    """
    state = State()
    for number, entry in enumerate(history, start=1):
        assert entry["id"] == number
        _REPLAY[entry["kind"]](state, entry)
    return state


async def state_of(database: Database, key: str = "WEB") -> State:
    """Read what there is in a project."""
    async with database.session(read_only=True) as session:
        project = (await session.scalars(select(Project).where(Project.key == key))).one()
        names = {user.id: user.username for user in await session.scalars(select(User))}
        of_project = select(Member).where(Member.project_id == project.id)
        members = {names[each.user_id]: each.role for each in await session.scalars(of_project)}
        query = select(Task).where(Task.project_id == project.id).order_by(Task.rank)
        tasks = {task.id: task for task in await session.scalars(query)}
        keys = {task.id: f"{key}-{task.number}" for task in tasks.values()}
        labels: dict[int, list[str]] = {number: [] for number in tasks}
        for label in await session.scalars(select(TaskLabel).where(TaskLabel.task_id.in_(tasks))):
            labels[label.task_id].append(label.name)
        columns: dict[str, list[str]] = {each: [] for each in Status}
        for task in tasks.values():
            columns[task.status].append(keys[task.id])
        sent = select(Invitation).where(Invitation.project_id == project.id)
        invitations = {str(each.id): each.role for each in await session.scalars(sent)}
        comments = await session.scalars(select(Comment).where(Comment.task_id.in_(tasks)))
        return State(
            project={"key": project.key, "name": project.name, "description": project.description},
            members=members,
            invitations=invitations,
            tasks={
                keys[task.id]: {
                    "title": task.title,
                    "description": task.description,
                    "status": task.status,
                    "priority": Priority.of(task.priority),
                    "assignee": task.assignee_id and names[task.assignee_id],
                    "labels": sorted(labels[task.id]),
                    "due_date": task.due_date and task.due_date.isoformat(),
                    "parent": task.parent_id and keys[task.parent_id],
                    "author": names[task.author_id],
                    "version": task.version,
                }
                for task in tasks.values()
            },
            columns=columns,
            comments={
                str(comment.id): {
                    "task": keys[comment.task_id],
                    "author": names[comment.author_id],
                    "body": comment.body,
                    "edited": comment.edited_at is not None,
                }
                for comment in comments
            },
        )


def _apply(fields: Fields, changes: Mapping[str, Sequence[Any]]) -> None:
    """Have fields be what they were changed to; they must have been what they were changed from."""
    for name, (before, after) in changes.items():
        assert fields.get(name) == before, name
        fields[name] = after


def _project(state: State, entry: Entry) -> None:
    _apply(state.project, entry["changes"])


def _member(state: State, entry: Entry) -> None:
    (before, after) = entry["changes"]["role"]
    assert state.members.pop(entry["subject"], None) == before
    if after is not None:
        state.members[entry["subject"]] = after


def _invitation(state: State, entry: Entry) -> None:
    """To whom it went is not in the history."""
    (before, after) = entry["changes"]["role"]
    assert state.invitations.pop(entry["subject"], None) == before
    if after is not None:
        state.invitations[entry["subject"]] = after


def _task_created(state: State, entry: Entry) -> None:
    _, after = entry["changes"].get("after", (None, None))
    assert entry["subject"] not in state.tasks
    missing = dict.fromkeys(("assignee", "due_date", "parent"))
    task: Fields = {"author": entry["actor"], "version": 1, **missing}
    _apply(task, {name: pair for name, pair in entry["changes"].items() if name != "after"})
    state.tasks[entry["subject"]] = task
    _place(state, entry["subject"], after)


def _task_changed(state: State, entry: Entry) -> None:
    key = entry["subject"]
    task, changes = state.tasks[key], dict(entry["changes"])
    place = changes.pop("after", None)
    assert place or "status" not in changes
    if place:
        column = state.columns[task["status"]]
        assert _above(column, key) == place[0]
        column.remove(key)
    _apply(task, changes)
    task["version"] += 1
    if place:
        _place(state, key, place[1])


def _task_removed(state: State, entry: Entry) -> None:
    task = state.tasks.pop(entry["subject"])
    state.columns[task["status"]].remove(entry["subject"])
    del task["author"], task["version"]
    were = {name: [value, None] for name, value in task.items() if value is not None}
    assert were == entry["changes"]
    of_others = {
        number: comment
        for number, comment in state.comments.items()
        if comment["task"] != entry["subject"]
    }
    state.comments = of_others


def _comment(state: State, entry: Entry) -> None:
    (before, after) = entry["changes"]["body"]
    new = {"task": entry["task"], "author": entry["actor"], "body": None, "edited": False}
    comment = state.comments.pop(entry["subject"], new)
    assert (comment["task"], comment["author"]) == (entry["task"], entry["actor"])
    assert comment["body"] == before
    if after is not None:
        state.comments[entry["subject"]] = {
            **comment,
            "body": after,
            "edited": before is not None,
        }


def _above(column: list[str], key: str) -> str | None:
    place = column.index(key)
    return column[place - 1] if place else None


def _place(state: State, key: str, after: str | None) -> None:
    """Put a task into the column of its status, below another."""
    column = state.columns[state.tasks[key]["status"]]
    column.insert(column.index(after) + 1 if after else 0, key)


_REPLAY: Mapping[str, Callable[[State, Entry], None]] = {
    "project.created": _project,
    "project.changed": _project,
    "member.joined": _member,
    "member.changed": _member,
    "member.left": _member,
    "invitation.sent": _invitation,
    "invitation.withdrawn": _invitation,
    "invitation.accepted": _invitation,
    "task.created": _task_created,
    "task.changed": _task_changed,
    "task.removed": _task_removed,
    "comment.added": _comment,
    "comment.changed": _comment,
    "comment.removed": _comment,
}
