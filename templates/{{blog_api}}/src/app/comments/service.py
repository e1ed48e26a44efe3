"""What can be done with comments."""

from typing import Any

from sqlalchemy import Row, Select, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.articles.models import Article
from app.articles.queries import article_not_found, visible_to
from app.articles.service import hold
from app.comments.models import Comment
from app.comments.schemas import CommentView, NewComment
from app.core.errors import ForbiddenError, NotFoundError
from app.core.models import now
from app.core.pages import Page
from app.profiles.service import profile_columns, profile_of
from app.users.models import User


async def list_comments(
    session: AsyncSession, viewer: User | None, slug: str, page: Page
) -> list[CommentView]:
    """List the comments on an article, newest first.

    Raises:
        NotFoundError: There is no such article.
    """
    article_id = await session.scalar(
        select(Article.id).where(Article.slug == slug, visible_to(viewer))
    )
    if article_id is None:
        raise article_not_found()
    query = (
        _described(viewer)
        .where(Comment.article_id == article_id)
        .order_by(Comment.id.desc())
        .limit(page.limit)
        .offset(page.offset)
    )
    return [_view(row) for row in (await session.execute(query)).all()]


async def add(session: AsyncSession, author: User, slug: str, new: NewComment) -> CommentView:
    """Comment on an article.

    Raises:
        NotFoundError: There is no such article.
    """
    moment = now()
    comment = Comment(
        article_id=await hold(session, author, slug),
        author_id=author.id,
        body=new.body,
        created_at=moment,
        updated_at=moment,
    )
    session.add(comment)
    await session.flush()
    return _view((await session.execute(_described(author).where(Comment.id == comment.id))).one())


async def remove(session: AsyncSession, user: User, slug: str, comment_id: int) -> None:
    """Remove a comment.

    Raises:
        NotFoundError: There is no such article, or no such comment on it.
        ForbiddenError: It is somebody else's, and the user is no moderator.
    """
    article_id = await hold(session, user, slug)
    query = select(Comment.author_id).where(
        Comment.id == comment_id, Comment.article_id == article_id
    )
    author_id = await session.scalar(query)
    if author_id is None:
        raise NotFoundError("There is no comment with this number on this article.")
    if author_id != user.id and not user.is_moderator:
        raise ForbiddenError("Only its author or a moderator can remove a comment.")
    await session.execute(delete(Comment).where(Comment.id == comment_id))


def _described(viewer: User | None) -> Select[Any]:
    return select(
        Comment.id,
        Comment.body,
        Comment.created_at,
        Comment.updated_at,
        *profile_columns(viewer),
    ).join(User, User.id == Comment.author_id)


def _view(row: Row[Any]) -> CommentView:
    return CommentView(
        id=row.id,
        body=row.body,
        created_at=row.created_at,
        updated_at=row.updated_at,
        author=profile_of(row),
    )
