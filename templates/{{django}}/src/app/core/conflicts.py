"""Constraints are rules of the database; here is where its refusals become answers.

A look before the insert would miss the request that comes in between; the constraint does not.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import UniqueConstraint

from app.core.errors import ApplicationError

# SQLite names an index upon an expression, and a check, but otherwise columns only.
_SQLITE_NAME = re.compile(r"(?:UNIQUE constraint failed: index '|CHECK constraint failed: )(\w+)")
_SQLITE_COLUMNS = re.compile(r"UNIQUE constraint failed: (?P<columns>\w+\..+)")


@contextmanager
def conflicts(errors: Mapping[str, Callable[[], ApplicationError]]) -> Iterator[None]:
    """Run the block in a transaction (a savepoint, within another), and say what it collided with.

    Args:
        errors: What makes the error to raise, by the name of the violated constraint.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if make := errors.get(violated_constraint(error)):
            raise make() from error
        raise


def violated_constraint(error: IntegrityError) -> str:
    """The name of the constraint that refused a statement; empty where it is not known."""
    diagnostics = getattr(error.__cause__, "diag", None)
    if diagnostics is not None:
        return diagnostics.constraint_name or ""
    if match := _SQLITE_NAME.search(str(error)):
        return match[1]
    if match := _SQLITE_COLUMNS.search(str(error)):
        columns = [column.split(".") for column in match["columns"].split(", ")]
        return _constraint_on(columns[0][0], {name for _, name in columns})
    return ""


def _constraint_on(table: str, columns: set[str]) -> str:
    for model in apps.get_models(include_auto_created=True):
        of = model._meta  # noqa: SLF001 - Django documents it under this name
        for constraint in of.constraints if of.db_table == table else ():
            if isinstance(constraint, UniqueConstraint) and columns == {
                getattr(of.get_field(name), "column", None) for name in constraint.fields
            }:
                return constraint.name
    return ""
