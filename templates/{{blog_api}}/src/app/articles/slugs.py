"""Slugs: the addresses of articles."""

from secrets import token_hex

from slugify import slugify

from app.articles.models import TITLE_LENGTH
from app.core.errors import FieldProblem
from app.core.validation import invalid_fields

SECRET_BYTES = 8
# `/articles/feed` is an address of its own; an article there could not be read.
RESERVED = frozenset({"feed"})


def slug_for(title: str, *, draft: bool = False) -> str:
    """Make the address of an article from its title.

    Args:
        title: The title.
        draft: Make one that nobody can guess or have taken. Otherwise a draft would keep an address
            from others, who would learn of it by being refused.

    Raises:
        InvalidError: The title has no letter or digit to make one of.
    """
    slug = slugify(title, max_length=TITLE_LENGTH - 2 * SECRET_BYTES - 1, word_boundary=True)
    if not slug:
        raise invalid_fields(
            FieldProblem("article.title", "needs a letter or digit, to make an address of")
        )
    if draft:
        return f"{slug}-{token_hex(SECRET_BYTES)}"
    return f"{slug}-article" if slug in RESERVED else slug
