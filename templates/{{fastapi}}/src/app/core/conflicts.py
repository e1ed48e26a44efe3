"""Uniqueness is a rule of the database; here is where its refusals become answers.

A look before the insert would miss the request that comes in between; the constraint does not.
"""

import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import ApplicationError

_SQLITE_MESSAGE = re.compile(r"UNIQUE constraint failed: (?P<columns>.+)")


@asynccontextmanager
async def conflicts(
    session: AsyncSession, errors: Mapping[str, Callable[[], ApplicationError]]
) -> AsyncIterator[None]:
    """Write what the block changed, and say what it collided with.

    Args:
        session: The session of this request; it is of no more use after an error.
        errors: What makes the error to raise, by the name of the violated constraint.
    """
    try:
        yield
        await session.flush()
    except IntegrityError as error:
        if make := errors.get(violated_constraint(error)):
            raise make() from error
        raise


def violated_constraint(error: IntegrityError) -> str:
    """The name of the constraint that refused a statement; empty where it is not known."""
    cause = error.orig.__cause__ if error.orig else None
    if name := getattr(cause, "constraint_name", None):
        return str(name)
    # SQLite names columns only. The naming convention of `Base` makes a constraint's name of them.
    if match := _SQLITE_MESSAGE.search(str(error.orig)):
        columns = [column.split(".") for column in match["columns"].split(", ")]
        return "_".join(["uq", columns[0][0], *(column[1] for column in columns)])
    return ""
