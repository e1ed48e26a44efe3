"""Reading articles: lists of them, one of them, their tags.

The number of statements does not grow with the page, and only the rows of the page are looked at
closely, however far on it is.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.articles import statements
from app.articles.schemas import ArticleQuery, ArticlesResponse, ArticleSummary, FullArticle, Status
from app.core.errors import NotFoundError
from app.core.pages import Page
from app.core.search import searched_words
from app.profiles.service import profile_of
from app.profiles.statements import viewer_values
from app.users.accounts import Account
from app.users.names import name_key


async def list_articles(
    session: AsyncSession, viewer: Account | None, wanted: ArticleQuery
) -> ArticlesResponse:
    """List articles: the best matches first where words are looked for, else the newest."""
    filters = {
        "tag": wanted.tag,
        "author": wanted.author and name_key(wanted.author),
        "favorited": wanted.favorited and name_key(wanted.favorited),
    }
    given = {name: value for name, value in filters.items() if value is not None}
    if wanted.status is Status.PUBLISHED:
        conditions = ("published", *given)
    elif viewer is None:
        return ArticlesResponse(articles=[], articles_count=0)  # drafts are for their authors
    else:
        conditions = ("own_drafts", *given)
    return await _list(session, viewer, conditions, given, wanted, words=wanted.q)


async def feed(session: AsyncSession, viewer: Account, page: Page) -> ArticlesResponse:
    """List the newest articles of those whom somebody follows."""
    return await _list(session, viewer, ("published", "followed"), {}, page)


async def get_article(session: AsyncSession, viewer: Account | None, slug: str) -> FullArticle:
    """Read one article.

    Raises:
        NotFoundError: There is none, or it is somebody else's draft.
    """
    query = statements.one(signed_in=viewer is not None)
    row = (await session.execute(query, {"slug": slug, **viewer_values(viewer)})).one_or_none()
    if row is None:
        raise article_not_found()
    body, *shown = row
    return FullArticle(**_shown(shown), body=body)


async def article_id(
    session: AsyncSession, viewer: Account | None, slug: str, *, hold: bool = False
) -> int:
    """Find an article's number.

    Args:
        session: The session of this request.
        viewer: Who asks.
        slug: The article's address.
        hold: Keep it from being removed until the commit.

    Raises:
        NotFoundError: There is none, or it is somebody else's draft.
    """
    query = statements.identify(signed_in=viewer is not None)
    if hold:
        # PostgreSQL locks the row as a foreign key to it would; SQLite lets in one writer anyway.
        query = query.with_for_update(read=True, key_share=True)
    found: int | None = await session.scalar(query, {"slug": slug, **viewer_values(viewer)})
    if found is None:
        raise article_not_found()
    return found


async def list_tags(session: AsyncSession) -> list[str]:
    """List the tags of published articles, the most used first."""
    rows = (await session.execute(statements.tags())).all()
    # Sorted here, for databases differ in how they sort text.
    return [row.name for row in sorted(rows, key=lambda row: (-row.uses, row.name))]


def article_not_found() -> NotFoundError:
    """The answer for an article that is not there, and for one that may not be known of."""
    return NotFoundError("There is no article with this slug.")


async def _list(
    session: AsyncSession,
    viewer: Account | None,
    conditions: tuple[str, ...],
    values: dict[str, Any],
    page: Page,
    *,
    words: str | None = None,
) -> ArticlesResponse:
    searched = None
    parameters = {**values, **viewer_values(viewer)}
    if words is not None:
        searched = session.get_bind().dialect.name
        parameters["words"] = searched_words(words, searched)
    part = statements.page(conditions, signed_in=viewer is not None, searched=searched)
    parameters |= {"limit": page.size, "offset": page.offset}
    rows = (await session.execute(part, parameters)).all()
    articles = [
        ArticleSummary(**_shown(article))
        for _total, number, *article in rows
        if number is not None  # an empty part is one row, which has the total alone
    ]
    return ArticlesResponse(articles=articles, articles_count=rows[0].total)


def _shown(row: Sequence[Any]) -> dict[str, Any]:
    """What is shown of an article, from the columns that `statements` selects, in their order.

    By position: looking each column up by its name takes longer than all else that is done here.
    """
    (
        slug,
        title,
        description,
        created_at,
        updated_at,
        draft,
        tags,
        favorites_count,
        favorited,
        *author,
    ) = row
    return {
        "slug": slug,
        "title": title,
        "description": description,
        # Sorted here, for databases differ in how they sort text.
        "tag_list": sorted(tags.split(statements.SEPARATOR)) if tags else [],
        "created_at": created_at,
        "updated_at": updated_at,
        "favorited": favorited,
        "favorites_count": favorites_count,
        "author": profile_of(author),
        "status": Status.DRAFT if draft else Status.PUBLISHED,
    }
