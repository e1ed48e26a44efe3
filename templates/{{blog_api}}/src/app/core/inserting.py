"""Inserting what may be there already, in the words that each database has for it."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.models import Base


async def insert_unless_there(session: AsyncSession, model: type[Base], **values: Any) -> None:
    """Insert a row; one that is there already stays, and is no error."""
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    await session.execute(insert(model).values(**values).on_conflict_do_nothing())
