"""Routes: articles, the feed, favourites."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.articles import queries, service
from app.articles.schemas import (
    ArticleChangesRequest,
    ArticleQuery,
    ArticleResponse,
    ArticlesResponse,
    NewArticleRequest,
    SlugPath,
)
from app.core.dependencies import SessionDep
from app.core.pages import Page
from app.core.responses import UNREADABLE_BODY
from app.core.transactions import TransactionalRoute
from app.responses import errors
from app.users.dependencies import OPTIONAL_TOKEN, CurrentUser, Viewer

router = APIRouter(route_class=TransactionalRoute, prefix="/articles", tags=["Articles"])


@router.get("", responses=errors(401, 422), openapi_extra=OPTIONAL_TOKEN)
async def get_articles(
    wanted: Annotated[ArticleQuery, Query()], session: SessionDep, viewer: Viewer
) -> ArticlesResponse:
    """List articles, newest first; with `q`, the best matches first."""
    return await queries.list_articles(session, viewer, wanted)


@router.get("/feed", responses=errors(401, 422))
async def get_articles_feed(
    page: Annotated[Page, Query()], session: SessionDep, user: CurrentUser
) -> ArticlesResponse:
    """List the newest articles of those whom you follow."""
    return await queries.feed(session, user, page)


@router.post("", status_code=201, responses=errors(401, *UNREADABLE_BODY))
async def create_article(
    body: NewArticleRequest, session: SessionDep, user: CurrentUser
) -> ArticleResponse:
    """Write an article."""
    return ArticleResponse(article=await service.create(session, user, body.article))


@router.get("/{slug}", responses=errors(401, 404, 422), openapi_extra=OPTIONAL_TOKEN)
async def get_article(slug: SlugPath, session: SessionDep, viewer: Viewer) -> ArticleResponse:
    """Read an article."""
    return ArticleResponse(article=await queries.get_article(session, viewer, slug))


@router.put("/{slug}", responses=errors(401, 403, 404, *UNREADABLE_BODY))
async def update_article(
    slug: SlugPath, body: ArticleChangesRequest, session: SessionDep, user: CurrentUser
) -> ArticleResponse:
    """Change your article; a new title changes its slug."""
    return ArticleResponse(article=await service.change(session, user, slug, body.article))


@router.delete("/{slug}", status_code=204, responses=errors(401, 403, 404, 422))
async def delete_article(slug: SlugPath, session: SessionDep, user: CurrentUser) -> None:
    """Remove an article: your own, or as a moderator any."""
    await service.remove(session, user, slug)


@router.post("/{slug}/favorite", tags=["Favorites"], responses=errors(401, 404, 422))
async def create_article_favorite(
    slug: SlugPath, session: SessionDep, user: CurrentUser
) -> ArticleResponse:
    """Favourite an article."""
    return ArticleResponse(article=await service.favorite(session, user, slug))


@router.delete("/{slug}/favorite", tags=["Favorites"], responses=errors(401, 404, 422))
async def delete_article_favorite(
    slug: SlugPath, session: SessionDep, user: CurrentUser
) -> ArticleResponse:
    """Favourite an article no longer."""
    return ArticleResponse(article=await service.unfavorite(session, user, slug))
