"""Slugs: the addresses of articles."""

from slugify import slugify

from app.articles.models import TITLE_LENGTH
from app.core.errors import InvalidError

# `/articles/feed` is an address of its own; an article there could not be read.
RESERVED = frozenset({"feed"})


def slug_for(title: str) -> str:
    """Make the address of an article from its title.

    Raises:
        InvalidError: The title has no letter or digit to make one of.
    """
    slug = slugify(title, max_length=TITLE_LENGTH, word_boundary=True)
    if not slug:
        raise InvalidError("article.title: needs a letter or digit, to make an address of")
    return f"{slug}-article" if slug in RESERVED else slug
