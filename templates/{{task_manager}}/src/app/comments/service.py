"""What can be done with comments.

Their authors change and remove them for as long as they are members, whatever they may write.
"""

from collections.abc import Iterable

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.activity.models import Kind
from app.activity.recording import Changes, created, removed
from app.comments import markdown
from app.comments.mentions import mentioned
from app.comments.models import Comment
from app.comments.schemas import CommentQuery, CommentView, Rendering, RenderQuery
from app.core.at_once import AtOnce
from app.core.errors import ForbiddenError, NotFoundError
from app.core.models import now
from app.core.pages import Page, page_of, part_of
from app.core.text import Identifier
from app.notifications.service import notify_of_mentions, told_of_comment
from app.projects.members import member_names
from app.projects.roles import Right
from app.tasks.access import TaskAccess, enter_to_change_task
from app.tasks.queries import find_task
from app.users.accounts import Account
from app.users.models import User
from app.users.names import name_key

# Else somebody who has many long comments rendered would have all others wait behind them.
_rendering = AtOnce(
    2,
    "You are having other comments rendered. Wait until they are, or ask without `render=html`.",
    code="too_many_renderings",
    retry_after=1,
)


async def list_comments(
    session: AsyncSession, user: Account, key: str, wanted: CommentQuery
) -> Page[CommentView]:
    """List the comments on a task, the oldest first.

    Raises:
        NotFoundError: There is no such task.
        TooManyRequestsError: They are to be rendered, and the user has others rendered already.
    """
    task_id = await find_task(session, user, key)
    query = part_of(_on(task_id), wanted, (Comment.id, Identifier))
    rows = (await session.execute(query)).all()
    page = page_of(
        rows,
        wanted.limit,
        lambda row: _view(row.Comment, row.username),
        lambda row: [row.Comment.id],
    )
    await _render(session, user, page.items, wanted)
    return page


async def get(
    session: AsyncSession, user: Account, key: str, number: int, wanted: RenderQuery
) -> CommentView:
    """Read a comment.

    Raises:
        NotFoundError: There is no such task, or no such comment on it.
        TooManyRequestsError: It is to be rendered, and the user has others rendered already.
    """
    task_id = await find_task(session, user, key)
    row = (await session.execute(_on(task_id).where(Comment.id == number))).one_or_none()
    if row is None:
        raise _no_comment()
    view = _view(row.Comment, row.username)
    await _render(session, user, [view], wanted)
    return view


async def prose_of(session: AsyncSession, body: str) -> str:
    """Find where in a comment people may be mentioned: in its text, and not in code.

    Some comments take a third of a second. What the session holds is let go meanwhile, so nothing
    can have been written yet.
    """
    if "@" not in name_key(body):
        return ""
    await session.rollback()
    return await markdown.prose_of(body)


async def add(
    session: AsyncSession, user: Account, key: str, body: str, *, prose: str
) -> CommentView:
    """Comment on a task, and tell those whom the comment mentions.

    Args:
        session: The session.
        user: The author.
        key: The key of the task.
        body: The comment.
        prose: Where in it people may be mentioned: see `prose_of`.

    Raises:
        NotFoundError: There is no such task.
        ForbiddenError: The user's role does not allow it.
    """
    found = await enter_to_change_task(session, user, key)
    comment = Comment(task_id=found.task.id, author_id=user.id, body=body, created_at=now())
    session.add(comment)
    await session.flush()
    _record(session, found, Kind.COMMENT_ADDED, comment, created(body=body))
    await _tell(session, found, comment, prose)
    await session.flush()
    return _view(comment, user.username)


async def change(
    session: AsyncSession, user: Account, key: str, number: int, body: str, *, prose: str
) -> CommentView:
    """Change what a comment says, and tell those whom it mentions and who do not know of it yet.

    Args:
        session: The session.
        user: The author.
        key: The key of the task.
        number: The number of the comment.
        body: What it says from now on.
        prose: Where in that people may be mentioned: see `prose_of`.

    Raises:
        NotFoundError: There is no such task, or no such comment on it.
        ForbiddenError: It is somebody else's.
    """
    found = await enter_to_change_task(session, user, key, Right.READ)
    comment = await _own(session, found, number)
    if body != comment.body:
        before, comment.body = comment.body, body
        comment.edited_at = now()
        _record(session, found, Kind.COMMENT_CHANGED, comment, {"body": (before, body)})
        await _tell(session, found, comment, prose)
    await session.flush()
    return _view(comment, user.username)


async def remove(session: AsyncSession, user: Account, key: str, number: int) -> None:
    """Remove a comment.

    Raises:
        NotFoundError: There is no such task, or no such comment on it.
        ForbiddenError: It is somebody else's.
    """
    found = await enter_to_change_task(session, user, key, Right.READ)
    comment = await _own(session, found, number)
    _record(session, found, Kind.COMMENT_REMOVED, comment, removed(body=comment.body))
    await session.delete(comment)
    await session.flush()


async def _own(session: AsyncSession, found: TaskAccess, number: int) -> Comment:
    query = select(Comment).where(Comment.id == number, Comment.task_id == found.task.id)
    if (comment := await session.scalar(query)) is None:
        raise _no_comment()
    if comment.author_id != found.user.id:
        raise ForbiddenError("Only its author can change or remove a comment.")
    return comment


async def _tell(session: AsyncSession, found: TaskAccess, comment: Comment, prose: str) -> None:
    """Notify those whom a comment mentions and who have not been told of it."""
    if not prose:
        return
    members = await member_names(session, found.project)
    user_ids = {members[name] for name in mentioned(prose, members)}
    if comment.edited_at is not None:
        user_ids -= await told_of_comment(session, comment.id)
    await notify_of_mentions(
        session,
        sorted(user_ids),
        actor_id=found.user.id,
        task_id=found.task.id,
        comment_id=comment.id,
    )


async def _render(
    session: AsyncSession, user: Account, comments: Iterable[CommentView], wanted: RenderQuery
) -> None:
    """Add the HTML that is asked for. Nothing is held meanwhile: connections are few."""
    if wanted.render is not Rendering.HTML:
        return
    with _rendering.one_of(user.id):
        await session.close()
        for comment in comments:
            comment.html = await markdown.render(comment.body)


def _record(
    session: AsyncSession, found: TaskAccess, kind: Kind, comment: Comment, changes: Changes
) -> None:
    found.record(session, kind, changes, subject=str(comment.id))


def _no_comment() -> NotFoundError:
    return NotFoundError("There is no comment with this number on this task.", code="no_comment")


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
