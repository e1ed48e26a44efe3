"""The places that tasks have in their columns."""

from collections.abc import Mapping

from sqlalchemy import select, update

from app.core.database import Database
from app.tasks.models import Task


async def ranks(database: Database) -> dict[int, int]:
    """The rank of each task, by its number, in a database with one project."""
    async with database.session(read_only=True) as session:
        rows = await session.execute(select(Task.number, Task.rank))
        return {row.number: row.rank for row in rows}


async def give_ranks(database: Database, given: Mapping[int, int]) -> None:
    """Have tasks be at certain ranks."""
    async with database.session() as session:
        for number, rank in given.items():
            await session.execute(update(Task).where(Task.number == number).values(rank=rank))
        await session.commit()
