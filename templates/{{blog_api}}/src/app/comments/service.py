"""What can be done with comments."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.articles.queries import article_id
from app.comments.models import Comment
from app.comments.schemas import CommentQuery, CommentView, NewComment
from app.core.errors import ForbiddenError, NotFoundError
from app.core.models import now
from app.profiles.service import profile_of
from app.profiles.statements import profile_columns, viewer_values
from app.users.accounts import Account
from app.users.models import User


async def list_comments(
    session: AsyncSession, viewer: Account | None, slug: str, page: CommentQuery
) -> list[CommentView]:
    """List the comments on an article, newest first.

    Raises:
        NotFoundError: There is no such article.
    """
    found = await article_id(session, viewer, slug)
    query = (
        _described(signed_in=viewer is not None)
        .where(Comment.article_id == found)
        .order_by(Comment.id.desc())
        .limit(page.size)
        .offset(page.offset)
    )
    return [_view(row) for row in await session.execute(query, viewer_values(viewer))]


async def add(session: AsyncSession, author: Account, slug: str, new: NewComment) -> CommentView:
    """Comment on an article.

    Raises:
        NotFoundError: There is no such article.
    """
    moment = now()
    comment = Comment(
        article_id=await article_id(session, author, slug, hold=True),
        author_id=author.id,
        body=new.body,
        created_at=moment,
        updated_at=moment,
    )
    session.add(comment)
    await session.flush()
    query = _described(signed_in=True).where(Comment.id == comment.id)
    return _view((await session.execute(query, viewer_values(author))).one())


async def remove(session: AsyncSession, user: Account, slug: str, comment_id: int) -> None:
    """Remove a comment.

    Raises:
        NotFoundError: There is no such article, or no such comment on it.
        ForbiddenError: It is somebody else's, and the user is no moderator.
    """
    found = await article_id(session, user, slug, hold=True)
    query = select(Comment.author_id).where(Comment.id == comment_id, Comment.article_id == found)
    author_id = await session.scalar(query)
    if author_id is None:
        raise NotFoundError("There is no comment with this number on this article.")
    if author_id != user.id and not user.is_moderator:
        raise ForbiddenError("Only its author or a moderator can remove a comment.")
    await session.execute(delete(Comment).where(Comment.id == comment_id))


@cache
def _described(*, signed_in: bool) -> Select[Any]:
    """Everything that is shown of a comment, in one row."""
    comment = Comment.__table__.c
    return select(
        comment.id,
        comment.body,
        comment.created_at,
        comment.updated_at,
        *profile_columns(signed_in=signed_in),
    ).join(User.__table__, User.__table__.c.id == comment.author_id)


def _view(row: Sequence[Any]) -> CommentView:
    number, body, created_at, updated_at, *author = row
    return CommentView(
        id=number,
        body=body,
        created_at=created_at,
        updated_at=updated_at,
        author=profile_of(author),
    )
