"""Full-text search by the means of either database: what somebody typed, as each understands it."""


def searched_words(typed: str, dialect: str) -> str:
    """Write what somebody typed as a search in which no character has a meaning of its own.

    Args:
        typed: What somebody typed.
        dialect: SQLAlchemy's name of the database.
    """
    if dialect == "postgresql":
        return typed  # plainto_tsquery reads words only
    # In double quotes a word is only a word: https://www.sqlite.org/fts5.html#fts5_strings
    return " ".join('"' + word.replace('"', '""') + '"' for word in typed.split()) or '""'
