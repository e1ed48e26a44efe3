"""The tables of articles, their tags, and who favourites them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
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
        draft: Whether it is there for its author alone.
        published_at: When it was first published, which is also the order of lists. Taken back and
            published again it keeps its place.
    """

    __tablename__ = "articles"
    __table_args__ = (
        CheckConstraint("draft OR published_at IS NOT NULL", name="published_some_time"),
        # Lists are read along these from the end, newest first, so no list is ever sorted.
        Index(None, "draft", "published_at", "id"),
        Index(None, "author_id", "draft", "published_at", "id"),
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(TITLE_LENGTH), unique=True)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    description: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    draft: Mapped[bool]
    published_at: Mapped[datetime | None]

    # Asking for tags that were not loaded is an error, not one more query for each article.
    tags: Mapped[list[ArticleTag]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True
    )
