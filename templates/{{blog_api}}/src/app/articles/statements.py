"""The SELECTs about articles. Each is built once, and gets its values as parameters.

Putting such a statement together takes SQLAlchemy longer than running it takes the database. So
what a list is filtered by decides which statement is taken, and the values go in when it is run:
see docs/decisions/0202-lists-in-one-statement.md. Columns are those of the tables and not of the
classes, for rows are wanted and no objects.
"""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, false, func, or_, select, true

from app.articles.models import Article, ArticleTag, Favorite
from app.articles.search import SEARCHES
from app.profiles.models import Follow
from app.profiles.statements import VIEWER, profile_columns
from app.users.models import User

SEPARATOR = ","
"""What stands between the tags of a row; no tag has it."""

MOST_TAGS = 1000
"""How many tags there are in the list of all tags, at the most."""

_article = Article.__table__.c
_tag = ArticleTag.__table__.c
_favorite = Favorite.__table__.c
_follow = Follow.__table__.c
_user = User.__table__.c

_published = ~_article.draft
_newest_first = (_article.published_at.desc(), _article.id.desc())
# Drafts may never have been published.
_newest_drafts_first = (_article.created_at.desc(), _article.id.desc())


def _user_named(parameter: str) -> Any:
    return select(_user.id).where(_user.username_key == bindparam(parameter)).scalar_subquery()


CONDITIONS: dict[str, ColumnElement[bool]] = {
    "published": _published,
    "own_drafts": _article.draft & (_article.author_id == VIEWER),
    "followed": _article.author_id.in_(
        select(_follow.followed_id).where(_follow.follower_id == VIEWER)
    ),
    "tag": exists().where(_tag.article_id == _article.id, _tag.name == bindparam("tag")),
    "author": _article.author_id == _user_named("author"),
    "favorited": exists().where(
        _favorite.article_id == _article.id, _favorite.user_id == _user_named("favorited")
    ),
}
"""What the articles of a list can have in common. Most take a parameter of the same name."""


@cache
def page(conditions: tuple[str, ...], *, signed_in: bool, searched: str | None) -> Select[Any]:
    """Select a part of a list, with everything that is shown of each article.

    Args:
        conditions: Keys of `CONDITIONS`; all must be met.
        signed_in: Whether somebody in particular asks; then it takes the parameter `viewer`.
        searched: By which database's means the parameter `words` is searched for, if at all.

    Returns:
        A statement with the parameters `limit` and `offset`, and those of the conditions. Each of
        its rows has the `total` of the whole list, counted at the same moment. There is always one:
        if the part is empty, all else in it is null.
    """
    required = [CONDITIONS[name] for name in conditions]
    order: list[ColumnElement[Any]] = [
        *(_newest_drafts_first if "own_drafts" in conditions else _newest_first)
    ]
    if searched:
        required.append(SEARCHES[searched].matches)
        order.insert(0, SEARCHES[searched].rank)
    number = func.row_number().over(order_by=order).label("number")
    # First which articles, then all about these: nothing is computed for those that are skipped.
    part = (
        select(_article.id, number)
        .where(*required)
        .order_by(*order)
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
        .subquery("part")
    )
    shown = (
        _described(part.c.number, signed_in=signed_in)
        .join(part, part.c.id == _article.id)
        .subquery("shown")
    )
    total = (
        select(func.count().label("total"))
        .select_from(Article.__table__)
        .where(*required)
        .subquery("whole")
    )
    return (
        select(total.c.total, shown)
        .select_from(total.outerjoin(shown, true()))
        .order_by(shown.c.number)
    )


@cache
def one(*, signed_in: bool) -> Select[Any]:
    """Select the article with the address `slug`, with its body, if the viewer may know of it."""
    return _described(_article.body, signed_in=signed_in).where(
        _article.slug == bindparam("slug"), visible(signed_in=signed_in)
    )


@cache
def tags() -> Select[Any]:
    """Select the tags that most published articles have, and how many have each."""
    uses = func.count().label("uses")
    return (
        select(_tag.name, uses)
        .join(Article.__table__, _article.id == _tag.article_id)
        .where(_published)
        .group_by(_tag.name)
        .order_by(uses.desc(), _tag.name)
        .limit(MOST_TAGS)
    )


@cache
def identify(*, signed_in: bool) -> Select[Any]:
    """Select the number of the article with the address `slug`, if the viewer may know of it."""
    return select(_article.id).where(
        _article.slug == bindparam("slug"), visible(signed_in=signed_in)
    )


def visible(*, signed_in: bool) -> ColumnElement[bool]:
    """Which articles somebody may know of: those that are published, and their own."""
    return or_(_published, _article.author_id == VIEWER) if signed_in else _published


def _described(first: ColumnElement[Any], *, signed_in: bool) -> Select[Any]:
    """One column, then everything that is shown of an article in a list."""
    tag_names = (
        select(func.aggregate_strings(_tag.name, SEPARATOR))
        .where(_tag.article_id == _article.id)
        .scalar_subquery()
    )
    favorites = select(func.count()).where(_favorite.article_id == _article.id).scalar_subquery()
    favorited = (
        exists().where(_favorite.article_id == _article.id, _favorite.user_id == VIEWER)
        if signed_in
        else false()
    )
    return select(
        first,
        _article.slug,
        _article.title,
        _article.description,
        _article.created_at,
        _article.updated_at,
        _article.draft,
        tag_names.label("tags"),
        favorites.label("favorites_count"),
        favorited.label("favorited"),
        *profile_columns(signed_in=signed_in),
    ).join(User.__table__, _user.id == _article.author_id)
