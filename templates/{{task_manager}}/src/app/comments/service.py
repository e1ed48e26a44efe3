"""What can be done with comments."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.activity.models import Kind
from app.activity.recording import created, record, removed
from app.comments.markdown import render
from app.comments.mentions import mentioned
from app.comments.models import Comment
from app.comments.schemas import CommentQuery, CommentView, Rendering
from app.core.errors import ForbiddenError, NotFoundError
from app.core.models import now
from app.core.pages import Page, page_of, part_of
from app.core.text import Identifier
from app.notifications.service import notify_of_mentions
from app.projects.members import member_names
from app.tasks.access import TaskAccess, enter_to_change_task
from app.tasks.queries import find_task
from app.users.accounts import Account
from app.users.models import User


async def list_comments(
    session: AsyncSession, user: Account, key: str, wanted: CommentQuery
) -> Page[CommentView]:
    """List the comments on a task, the oldest first.

    Raises:
        NotFoundError: There is no such task.
    """
    _, task_id = await find_task(session, user, key)
    query = part_of(_on(task_id), wanted, (Comment.id, Identifier))
    rows = (await session.execute(query)).all()
    page = page_of(
        rows,
        wanted.limit,
        lambda row: _view(row.Comment, row.username),
        lambda row: [row.Comment.id],
    )
    if wanted.render is Rendering.HTML:
        for comment in page.items:
            comment.html = await render(comment.body)
    return page


async def add(session: AsyncSession, user: Account, key: str, body: str) -> CommentView:
    """Comment on a task, and tell those whom the comment mentions.

    Raises:
        NotFoundError: There is no such task.
        ForbiddenError: The user's role does not allow it.
    """
    found = await enter_to_change_task(session, user, key)
    comment = Comment(task_id=found.task.id, author_id=user.id, body=body, created_at=now())
    session.add(comment)
    await session.flush()
    _record(session, found, Kind.COMMENT_ADDED, comment, created(body=body))
    await _tell(session, found, comment, "")
    await session.flush()
    return _view(comment, user.username)


async def change(
    session: AsyncSession, user: Account, key: str, number: int, body: str
) -> CommentView:
    """Change what a comment says, and tell those whom it did not mention before.

    Raises:
        NotFoundError: There is no such task, or no such comment on it.
        ForbiddenError: It is somebody else's, or the user's role does not allow it.
    """
    found = await enter_to_change_task(session, user, key)
    comment = await _own(session, found, number)
    if body != comment.body:
        before, comment.body = comment.body, body
        comment.edited_at = now()
        _record(session, found, Kind.COMMENT_CHANGED, comment, {"body": (before, body)})
        await _tell(session, found, comment, before)
    await session.flush()
    return _view(comment, user.username)


async def remove(session: AsyncSession, user: Account, key: str, number: int) -> None:
    """Remove a comment.

    Raises:
        NotFoundError: There is no such task, or no such comment on it.
        ForbiddenError: It is somebody else's, or the user's role does not allow it.
    """
    found = await enter_to_change_task(session, user, key)
    comment = await _own(session, found, number)
    _record(session, found, Kind.COMMENT_REMOVED, comment, removed(body=comment.body))
    await session.delete(comment)
    await session.flush()


async def _own(session: AsyncSession, found: TaskAccess, number: int) -> Comment:
    query = select(Comment).where(Comment.id == number, Comment.task_id == found.task.id)
    if (comment := await session.scalar(query)) is None:
        raise NotFoundError("There is no comment with this number on this task.", code="no_comment")
    if comment.author_id != found.user.id:
        raise ForbiddenError("Only its author can change or remove a comment.")
    return comment


async def _tell(session: AsyncSession, found: TaskAccess, comment: Comment, before: str) -> None:
    """Notify those whom a comment mentions and did not mention before."""
    if "@" not in comment.body:
        return
    members = await member_names(session, found.project)
    names = mentioned(comment.body, members) - mentioned(before, members)
    user_ids = sorted(members[name] for name in names)
    await notify_of_mentions(session, found, comment, user_ids)


def _record(
    session: AsyncSession, found: TaskAccess, kind: Kind, comment: Comment, changes: Any
) -> None:
    record(
        session,
        found.project,
        found.user,
        kind,
        changes,
        subject=str(comment.id),
        task=found.task.number,
    )


def _on(task_id: int) -> Select[Comment, str]:
    return (
        select(Comment, User.username)
        .join(User, User.id == Comment.author_id)
        .where(Comment.task_id == task_id)
    )


def _view(comment: Comment, author: str) -> CommentView:
    return CommentView(
        id=comment.id,
        author=author,
        body=comment.body,
        html=None,
        created_at=comment.created_at,
        edited_at=comment.edited_at,
    )
