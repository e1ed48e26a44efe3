"""What all tables have in common: names of constraints, identifiers, times."""

from datetime import UTC, datetime
from typing import Annotated, ClassVar

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, MetaData
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator


class SQLiteMoment(TypeDecorator[datetime]):
    """A moment on SQLite, which has no type for it and would drop the time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Store it as UTC; what does not say its zone is refused, as PostgreSQL's driver does."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs a time zone: datetime.now(UTC)")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Say again that it is UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


def now() -> datetime:
    """This moment, to the millisecond, which is what clients are shown."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


# SQLite numbers rows by itself in columns of exactly the type INTEGER.
_BigInteger = BigInteger().with_variant(Integer, "sqlite")

_Moment = DateTime(timezone=True).with_variant(SQLiteMoment, "sqlite")

Id = Annotated[int, mapped_column(_BigInteger, primary_key=True)]
"""A table's own number."""

Moment = Annotated[datetime, mapped_column(_Moment, default=now)]
"""When something happened; now, unless something else is said."""


class Base(DeclarativeBase):
    """The parent of all models."""

    # Names that are the same on every database: migrations drop by name, errors are told by name.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {int: _BigInteger, datetime: _Moment}
