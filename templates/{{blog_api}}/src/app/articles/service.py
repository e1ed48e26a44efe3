"""Writing articles, and who may."""

from functools import partial

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from app.articles.models import Article, ArticleTag, Favorite
from app.articles.queries import article_id, article_not_found, get_article
from app.articles.schemas import ArticleChanges, FullArticle, NewArticle, Status
from app.articles.slugs import slug_for
from app.articles.statements import visible
from app.core.conflicts import conflicts
from app.core.errors import FieldProblem, ForbiddenError
from app.core.inserting import insert_unless_there
from app.core.models import now
from app.core.validation import invalid_fields
from app.profiles.statements import viewer_values
from app.users.accounts import Account

TAKEN = {
    "uq_articles_slug": partial(
        invalid_fields,
        FieldProblem(
            "article.title", "another article has this address already; choose another title"
        ),
    )
}


async def create(session: AsyncSession, author: Account, new: NewArticle) -> FullArticle:
    """Write an article.

    Raises:
        InvalidError: The title makes no address, or one that is taken.
    """
    moment = now()
    draft = new.status is Status.DRAFT
    article = Article(
        slug=slug_for(new.title, draft=draft),
        title=new.title,
        description=new.description,
        body=new.body,
        author_id=author.id,
        created_at=moment,
        updated_at=moment,
        draft=draft,
        published_at=None if draft else moment,
        tags=[ArticleTag(name=name) for name in new.tag_list],
    )
    async with conflicts(session, TAKEN):
        session.add(article)
    return await get_article(session, author, article.slug)


async def change(
    session: AsyncSession, user: Account, slug: str, changes: ArticleChanges
) -> FullArticle:
    """Change an article. A new title gives it a new address, and so does publishing it.

    Raises:
        NotFoundError: There is no such article.
        ForbiddenError: It is somebody else's.
        InvalidError: The new title makes no address, or one that is taken.
    """
    article = await _lock(session, user, slug)
    if article.author_id != user.id:
        raise ForbiddenError("Only its author can change an article.")
    async with conflicts(session, TAKEN):
        before = (article.title, article.draft)
        if changes.status is not None:
            article.draft = changes.status is Status.DRAFT
        if changes.title is not None:
            article.title = changes.title
        if (article.title, article.draft) != before:
            article.slug = slug_for(article.title, draft=article.draft)
        if changes.description is not None:
            article.description = changes.description
        if changes.body is not None:
            article.body = changes.body
        if changes.tag_list is not None:
            there = {tag.name: tag for tag in article.tags}
            article.tags = [there.get(name) or ArticleTag(name=name) for name in changes.tag_list]
        article.updated_at = now()
        if not article.draft and article.published_at is None:
            article.published_at = article.updated_at
    return await get_article(session, user, article.slug)


async def remove(session: AsyncSession, user: Account, slug: str) -> None:
    """Remove an article, with its comments and favourites.

    Raises:
        NotFoundError: There is no such article.
        ForbiddenError: It is somebody else's, and the user is no moderator.
    """
    article = await _lock(session, user, slug)
    if article.author_id != user.id and not user.is_moderator:
        raise ForbiddenError("Only its author or a moderator can remove an article.")
    await session.execute(delete(Article).where(Article.id == article.id))


async def favorite(session: AsyncSession, user: Account, slug: str) -> FullArticle:
    """Favourite an article; who does already goes on doing so.

    Raises:
        NotFoundError: There is no such article.
    """
    found = await article_id(session, user, slug, hold=True)
    await insert_unless_there(session, Favorite, user_id=user.id, article_id=found)
    return await get_article(session, user, slug)


async def unfavorite(session: AsyncSession, user: Account, slug: str) -> FullArticle:
    """Favourite an article no longer; who did not is no error.

    Raises:
        NotFoundError: There is no such article.
    """
    found = await article_id(session, user, slug, hold=True)
    await session.execute(
        delete(Favorite).where(Favorite.user_id == user.id, Favorite.article_id == found)
    )
    return await get_article(session, user, slug)


async def _lock(session: AsyncSession, user: Account, slug: str) -> Article:
    query = (
        select(Article)
        .where(Article.slug == slug, visible(signed_in=True))
        .options(selectinload(Article.tags))
        .with_for_update()
    )
    if (article := await session.scalar(query, viewer_values(user))) is None:
        raise article_not_found()
    return article
