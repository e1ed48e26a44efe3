"""Reading articles: what may be seen, and how lists are made in a fixed number of statements.

Each query returns finished rows. The number of statements does not grow with the page, and only the
rows of the page are looked at closely, however far on it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    SQLColumnExpression,
    exists,
    false,
    func,
    null,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from app.articles.models import Article, ArticleTag, Favorite
from app.articles.schemas import ArticlesResponse, ArticleSummary, FullArticle, Status
from app.articles.search import search
from app.core.errors import NotFoundError
from app.core.pages import Page
from app.profiles.models import Follow
from app.profiles.service import profile_columns, profile_of
from app.users.models import User, name_key

NEWEST_FIRST = (Article.published_at.desc(), Article.id.desc())
ALL_ALIKE = null()
_SEPARATOR = ","  # which no tag has


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which articles a list has. What is not said does not matter."""

    tag: str | None = None
    author: str | None = None
    favorited: str | None = None
    words: str | None = None
    status: Status = Status.PUBLISHED


def visible_to(viewer: User | None) -> ColumnElement[bool]:
    """Which articles somebody may know of: those that are published, and their own."""
    published = Article.published_at.is_not(None)
    return published if viewer is None else or_(published, Article.author_id == viewer.id)


async def list_articles(
    session: AsyncSession, viewer: User | None, filters: Filters, page: Page
) -> ArticlesResponse:
    """List articles: the best matches first where words are looked for, else the newest."""
    conditions: list[ColumnElement[bool]] = []
    rank: ColumnElement[Any] = ALL_ALIKE
    if filters.status is Status.PUBLISHED:
        conditions.append(Article.published_at.is_not(None))
    else:
        # Drafts are for their authors.
        own = false() if viewer is None else Article.author_id == viewer.id
        conditions += [Article.published_at.is_(None), own]
    if filters.tag is not None:
        conditions.append(
            exists().where(ArticleTag.article_id == Article.id, ArticleTag.name == filters.tag)
        )
    if filters.author is not None:
        conditions.append(Article.author_id == _user_id(filters.author))
    if filters.favorited is not None:
        conditions.append(
            exists().where(
                Favorite.article_id == Article.id, Favorite.user_id == _user_id(filters.favorited)
            )
        )
    if filters.words is not None:
        matches, rank = search(filters.words, session.get_bind().dialect.name)
        conditions.append(matches)
    return await _page_of(session, viewer, conditions, page, rank=rank)


async def feed(session: AsyncSession, viewer: User, page: Page) -> ArticlesResponse:
    """List the newest articles of those whom somebody follows."""
    followed = select(Follow.followed_id).where(Follow.follower_id == viewer.id)
    conditions = [Article.published_at.is_not(None), Article.author_id.in_(followed)]
    return await _page_of(session, viewer, conditions, page)


async def get_article(session: AsyncSession, viewer: User | None, slug: str) -> FullArticle:
    """Read one article.

    Raises:
        NotFoundError: There is none, or it is somebody else's draft.
    """
    query = _described(viewer, Article.body).where(Article.slug == slug, visible_to(viewer))
    if (row := (await session.execute(query)).one_or_none()) is None:
        raise article_not_found()
    return FullArticle(**_fields(row), body=row.body)


async def list_tags(session: AsyncSession) -> list[str]:
    """List the tags of published articles, the most used first."""
    uses = func.count()
    query = (
        select(ArticleTag.name, uses)
        .join(Article, Article.id == ArticleTag.article_id)
        .where(Article.published_at.is_not(None))
        .group_by(ArticleTag.name)
    )
    rows = (await session.execute(query)).all()
    # Sorted here, for databases differ in how they sort text.
    return [name for name, _uses in sorted(rows, key=lambda row: (-row[1], row[0]))]


def article_not_found() -> NotFoundError:
    """The answer for an article that is not there, and for one that may not be known of."""
    return NotFoundError("There is no article with this slug.")


def _user_id(username: str) -> Any:
    return select(User.id).where(User.username_key == name_key(username)).scalar_subquery()


async def _page_of(
    session: AsyncSession,
    viewer: User | None,
    conditions: Sequence[ColumnElement[bool]],
    page: Page,
    *,
    rank: ColumnElement[Any] = ALL_ALIKE,
) -> ArticlesResponse:
    # First which articles, then all about these: nothing is computed for those that are skipped.
    chosen = (
        select(Article.id, rank.label("rank"))
        .where(*conditions)
        .order_by("rank", *NEWEST_FIRST)
        .limit(page.limit)
        .offset(page.offset)
        .subquery()
    )
    query = (
        _described(viewer)
        .join(chosen, chosen.c.id == Article.id)
        .order_by(chosen.c.rank, *NEWEST_FIRST)
    )
    rows = (await session.execute(query)).all()
    count = await session.scalar(select(func.count()).select_from(Article).where(*conditions))
    return ArticlesResponse(
        articles=[ArticleSummary(**_fields(row)) for row in rows], articles_count=count or 0
    )


def _described(viewer: User | None, *more: SQLColumnExpression[Any]) -> Select[Any]:
    """Everything that is shown of an article, in one row."""
    tags = (
        select(func.aggregate_strings(ArticleTag.name, _SEPARATOR))
        .where(ArticleTag.article_id == Article.id)
        .scalar_subquery()
    )
    favorites = select(func.count()).where(Favorite.article_id == Article.id).scalar_subquery()
    favorited = (
        false()
        if viewer is None
        else exists().where(Favorite.article_id == Article.id, Favorite.user_id == viewer.id)
    )
    return select(
        Article.slug,
        Article.title,
        Article.description,
        Article.created_at,
        Article.updated_at,
        Article.published_at,
        tags.label("tags"),
        favorites.label("favorites_count"),
        favorited.label("favorited"),
        *profile_columns(viewer),
        *more,
    ).join(User, User.id == Article.author_id)


def _fields(row: Row[Any]) -> dict[str, Any]:
    return {
        "slug": row.slug,
        "title": row.title,
        "description": row.description,
        # Sorted here, for databases differ in how they sort text.
        "tag_list": sorted(row.tags.split(_SEPARATOR)) if row.tags else [],
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "favorited": row.favorited,
        "favorites_count": row.favorites_count,
        "author": profile_of(row),
        "status": Status.DRAFT if row.published_at is None else Status.PUBLISHED,
    }
