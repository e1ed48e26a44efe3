"""Full-text search, by the means of either database.

The indexes are made in SQL by the first migration: a generated column on PostgreSQL, a virtual
table kept up to date by triggers on SQLite. Both know English word forms, and both count a word in
the title for more than one in the body.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, column, func, literal_column, table
from sqlalchemy.dialects.postgresql import TSVECTOR

from app.articles.models import Article

Search = tuple[ColumnElement[bool], ColumnElement[Any]]
"""Which articles match, and a number that is the lower the better one matches."""


def search(words: str, dialect: str) -> Search:
    """Find the articles that have all of these words.

    Args:
        words: What somebody typed; no character in it has a meaning of its own.
        dialect: SQLAlchemy's name of the database.
    """
    return _SEARCHES[dialect](words)


def _postgresql(words: str) -> Search:
    document: ColumnElement[Any] = literal_column("articles.fts_document", TSVECTOR)
    wanted = func.plainto_tsquery(literal_column("'english'"), words)
    return document.bool_op("@@")(wanted), -func.ts_rank(document, wanted)


def _sqlite(words: str) -> Search:
    index = table("fts_articles", column("rowid"), column("rank"))
    # In double quotes a word is only a word: https://www.sqlite.org/fts5.html#fts5_strings
    wanted = " ".join('"' + word.replace('"', '""') + '"' for word in words.split())
    matches = literal_column("fts_articles").bool_op("MATCH")(wanted)
    return (index.c.rowid == Article.id) & matches, index.c.rank


_SEARCHES: Mapping[str, Callable[[str], Search]] = {"postgresql": _postgresql, "sqlite": _sqlite}
