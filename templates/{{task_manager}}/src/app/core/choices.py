"""Columns that have one of a few words in them."""

from enum import StrEnum

from sqlalchemy import CheckConstraint


def one_of(column: str, kind: type[StrEnum], *, name: str) -> CheckConstraint:
    """Have the database refuse what an enumeration does not have.

    Args:
        column: The column.
        kind: The enumeration.
        name: The name of the constraint.
    """
    words = ", ".join(f"'{word}'" for word in kind)
    return CheckConstraint(f"{column} IN ({words})", name=name)
