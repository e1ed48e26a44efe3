"""Full-text search, by the means of either database.

The indexes are made in SQL by the first migration: a generated column on PostgreSQL, a virtual
table kept up to date by triggers on SQLite. Both know English word forms, skip no word for being
frequent, and count a word in the title for more than one in the body.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Text, bindparam, column, func, literal_column, table
from sqlalchemy.dialects.postgresql import TSVECTOR

from app.articles.models import Article


class Search(NamedTuple):
    """How to search. Both take the parameter `words`, made by `app.core.search.searched_words`.

    Attributes:
        matches: Which articles have all the words.
        rank: The lower, the better one matches.
    """

    matches: ColumnElement[bool]
    rank: ColumnElement[Any]


_words: ColumnElement[str] = bindparam("words", type_=Text)

_document: ColumnElement[Any] = literal_column("articles.fts_document", TSVECTOR)
_wanted = func.plainto_tsquery(literal_column("'every_english_word'"), _words)

_index = table("fts_articles", column("rowid"), column("rank"))

SEARCHES: Mapping[str, Search] = {
    "postgresql": Search(_document.bool_op("@@")(_wanted), -func.ts_rank(_document, _wanted)),
    "sqlite": Search(
        (_index.c.rowid == Article.__table__.c.id)
        & literal_column("fts_articles").bool_op("MATCH")(_words),
        _index.c.rank,
    ),
}
"""By SQLAlchemy's name of the database."""
