"""Full-text search of tasks, by the means of either database.

The indexes are made in SQL by the first migration: a generated column on PostgreSQL, a virtual
table kept up to date by triggers on SQLite. Both know English word forms, and skip no word.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam, func, literal_column, select, table
from sqlalchemy.dialects.postgresql import TSVECTOR

from app.tasks.models import Task

_words: ColumnElement[str] = bindparam("words", type_=Text)
_document: ColumnElement[Any] = literal_column("tasks.fts_document", TSVECTOR)
_index = table("fts_tasks")
_rowid: ColumnElement[int] = literal_column("fts_tasks.rowid")

MATCHES: Mapping[str, ColumnElement[bool]] = {
    "postgresql": _document.bool_op("@@")(
        func.plainto_tsquery(literal_column("'every_english_word'"), _words)
    ),
    "sqlite": Task.__table__.c.id.in_(
        select(_rowid)
        .select_from(_index)
        .where(literal_column("fts_tasks").bool_op("MATCH")(_words))
    ),
}
"""Which tasks have all the words, by SQLAlchemy's name of the database.

It takes the parameter `words`, made by `app.core.search.searched_words`.
"""
