"""The tables of articles, their tags, and who favourites them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.models import Base, Id, Moment

TITLE_LENGTH = 200
TAG_LENGTH = 50


class ArticleTag(Base):
    """A word that an article is filed under.

    A tag is a value, not a thing with a life of its own: nothing but articles hangs on it, so it
    has no table. When its last article goes, it is gone.
    """

    __tablename__ = "article_tags"

    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(TAG_LENGTH), primary_key=True, index=True)


class Favorite(Base):
    """A user favourites an article. The key is the pair, so nobody does it twice."""

    __tablename__ = "favorites"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    created_at: Mapped[Moment]


class Article(Base):
    """An article, or the draft of one.

    Attributes:
        slug: Its address, made from the title.
        published_at: When it was published; a draft has not been. It is also the order of lists.
    """

    __tablename__ = "articles"
    __table_args__ = (
        # Lists are read along these from the end, newest first, so no list is ever sorted.
        Index(None, "published_at", "id"),
        Index(None, "author_id", "published_at", "id"),
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(TITLE_LENGTH), unique=True)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    description: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    published_at: Mapped[datetime | None]

    # Asking for tags that were not loaded is an error, not one more query for each article.
    tags: Mapped[list[ArticleTag]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True
    )
