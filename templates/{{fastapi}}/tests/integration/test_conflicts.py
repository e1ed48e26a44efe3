"""Violated constraints become answers, by name, on every database."""

import pytest
from databases import RolledBack
from sqlalchemy import CheckConstraint, MetaData, UniqueConstraint
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.core.conflicts import conflicts
from app.core.errors import InvalidError
from app.core.models import Base


class Book(Base):
    """A row with all kinds of constraints. Its table is not among those that migrations know."""

    __tablename__ = "books"
    metadata = MetaData(naming_convention=Base.metadata.naming_convention)
    __table_args__ = (
        UniqueConstraint("shelf", "place"),
        CheckConstraint("place > 0", name="is_somewhere"),
    )

    isbn: Mapped[str] = mapped_column(primary_key=True)
    shelf: Mapped[str]
    place: Mapped[int]


ERRORS = {"uq_books_shelf_place": lambda: InvalidError("the place is taken")}


@pytest.fixture
async def session(database: RolledBack) -> AsyncSession:
    """A session on a database with one book."""
    session = database.session()
    connection = await session.connection()
    await connection.run_sync(Book.metadata.create_all)
    session.add(Book(isbn="1", shelf="a", place=1))
    await session.flush()
    return session


async def test_a_known_constraint_is_answered_with_its_error(session: AsyncSession) -> None:
    with pytest.raises(InvalidError) as caught:
        async with conflicts(session, ERRORS):
            session.add(Book(isbn="2", shelf="a", place=1))
    assert str(caught.value) == "the place is taken"
    assert isinstance(caught.value.__cause__, IntegrityError)
    await session.close()


@pytest.mark.parametrize(
    "book",
    [
        {"isbn": "2", "shelf": "a", "place": 0},
        {"isbn": "1", "shelf": "b", "place": 1},
        {"isbn": "2", "shelf": None, "place": 1},
    ],
    ids=["check", "primary key", "not null"],
)
async def test_any_other_constraint_is_a_fault(
    session: AsyncSession, book: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError):
        async with conflicts(session, ERRORS):
            session.add(Book(**book))
    await session.close()


async def test_what_does_not_collide_is_written(session: AsyncSession) -> None:
    async with conflicts(session, ERRORS):
        session.add(Book(isbn="2", shelf="a", place=2))
    assert await session.get(Book, "2")
    await session.close()
