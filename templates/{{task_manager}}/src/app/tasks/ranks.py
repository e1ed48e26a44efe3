"""Places in a column: numbers with gaps, so that moving a task writes one row.

A task between two others gets the number in the middle. Where there is none left, the whole column
is numbered anew, which happens after about 32 moves into one and the same gap.
"""

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.tasks.models import Task
from app.tasks.values import Status

GAP = 2**32
GREATEST = 2**62
"""Far enough from the greatest number that a column of the database holds."""


def between(above: int | None, below: int | None) -> int | None:
    """Find a rank for a task.

    Args:
        above: The rank of the task above it; none if it is to be the first.
        below: The rank of the task below it; none if it is to be the last.

    Returns:
        The rank; none if there is no room.
    """
    if above is None:
        rank = 0 if below is None else below - GAP
    elif below is None:
        rank = above + GAP
    else:
        rank = (above + below) // 2
        if rank == above:
            return None
    return rank if abs(rank) <= GREATEST else None


class Column:
    """The tasks with one status in a project, which is locked.

    Args:
        session: The session of this request.
        project_id: The project.
        status: The status.
        moved: The number of the task that is being moved; the others make the column.
    """

    def __init__(
        self, session: AsyncSession, project_id: int, status: Status, *, moved: int | None = None
    ) -> None:
        self._session = session
        self._is_here: list[ColumnElement[bool]] = [
            Task.project_id == project_id,
            Task.status == status,
        ]
        self._others = [*self._is_here, *([Task.number != moved] if moved else [])]

    async def last(self) -> int | None:
        """The number of the task at the bottom."""
        query = select(Task.number).where(*self._others).order_by(Task.rank.desc()).limit(1)
        return await self._session.scalar(query)

    async def above(self, rank: int) -> int | None:
        """The number of the task above a rank."""
        query = select(Task.number).where(*self._others, Task.rank < rank)
        return await self._session.scalar(query.order_by(Task.rank.desc()).limit(1))

    async def rank_after(self, number: int | None) -> int | None:
        """Find a rank below a task.

        Args:
            number: The task; none for the top of the column.

        Returns:
            The rank; none if the task is not in this column.
        """
        rank = await self._room_after(number)
        if rank is not None or (number is not None and await self._rank_of(number) is None):
            return rank
        await self._number_anew()
        return await self._room_after(number)

    async def _room_after(self, number: int | None) -> int | None:
        if number is None:
            above = None
        elif (above := await self._rank_of(number)) is None:
            return None
        query = select(func.min(Task.rank)).where(*self._others)
        if above is not None:
            query = query.where(Task.rank > above)
        return between(above, await self._session.scalar(query))

    async def _rank_of(self, number: int) -> int | None:
        return await self._session.scalar(
            select(Task.rank).where(*self._others, Task.number == number)
        )

    async def _number_anew(self) -> None:
        place = func.row_number().over(order_by=Task.rank)
        numbered = select(Task.id, (place * GAP).label("rank")).where(*self._is_here).subquery()
        await self._session.execute(
            update(Task)
            .where(Task.id == numbered.c.id)
            .values(rank=numbered.c.rank)
            .execution_options(synchronize_session=False)
        )
