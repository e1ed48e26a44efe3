"""Databases for tests: made, copied and dropped here; none that anybody uses is ever touched."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from app.core.database import Database, create_engine
from app.models import Base

T = TypeVar("T")

Snapshot = dict[str, list[str]]


@dataclass(frozen=True)
class Databases:
    """Makes databases with fresh names: SQLite files, or databases on a PostgreSQL server.

    Attributes:
        folder: Where files are made.
        server: A URL of the server to use instead; the database that it names is left alone.
    """

    folder: Path
    server: str | None

    def make(self, *, copy_of: str | None = None) -> str:
        """Make a database, empty or a copy of another that nobody is connected to."""
        name = f"test_{uuid4().hex}"
        if self.server is None:
            url = f"sqlite:///{self.folder / name}.db"
            if copy_of:
                shutil.copyfile(_file(copy_of), _file(url))
            return url
        template = f'"{make_url(copy_of).database}"' if copy_of else "template1"
        self._on_server(f'CREATE DATABASE "{name}" TEMPLATE {template}')
        return make_url(self.server).set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Drop a database that was made here, whoever is connected to it."""
        if self.server is None:
            for path in self.folder.glob(f"{_file(url).name}*"):
                path.unlink()
        else:
            self._on_server(f'DROP DATABASE "{make_url(url).database}" WITH (FORCE)')

    def renew(self, url: str, *, copy_of: str) -> None:
        """Take away all that was written to a database that began as a copy of another."""
        if self.server is None:
            self.drop(url)
            shutil.copyfile(_file(copy_of), _file(url))
            return
        names = ", ".join(table.name for table in Base.metadata.sorted_tables)

        async def truncate(database: Database) -> None:
            async with database.session() as session:
                # Some tables refuse to have rows deleted.
                await session.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))
                await session.commit()

        visit(url, truncate)

    @contextmanager
    def lent(self, *, copy_of: str | None = None) -> Iterator[str]:
        """Make a database for a while."""
        url = self.make(copy_of=copy_of)
        try:
            yield url
        finally:
            self.drop(url)

    def _on_server(self, statement: str) -> None:
        async def run(server: str) -> None:
            engine = create_engine(server)
            async with engine.connect() as connection:
                await connection.execution_options(isolation_level="AUTOCOMMIT")
                await connection.exec_driver_sql(statement)
            await engine.dispose()

        asyncio.run(run(self.server or ""))


def _file(url: str) -> Path:
    return Path(make_url(url).database or "")


class RolledBack(Database):
    """A database of which nothing remains: all its sessions are within one transaction.

    To the application it behaves like the real one, except that reading sessions could write. A
    commit ends a savepoint, so that the next request sees what was written; in the end the test
    rolls everything back.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self.url = connection.engine.url.render_as_string(hide_password=False)
        self.engine = self.reading_engine = connection.engine
        self._connection = connection

    def session(self, *, read_only: bool = False) -> AsyncSession:
        """Make a session on the one connection."""
        del read_only
        return AsyncSession(
            self._connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        )

    @asynccontextmanager
    async def undone(self) -> AsyncIterator[None]:
        """Undo in the end what the block writes; many cases can then start from one scene."""
        savepoint = await self._connection.begin_nested()
        try:
            yield
        finally:
            await savepoint.rollback()

    async def dispose(self) -> None:
        """Leave the connection to the test that opened it."""


async def snapshot(database: Database) -> Snapshot:
    """All rows of all tables, to compare."""
    async with database.session(read_only=True) as session:
        return {
            table.name: sorted(map(repr, await session.execute(table.select())))
            for table in Base.metadata.sorted_tables
        }


def visit(url: str, look: Callable[[Database], Awaitable[T]]) -> T:
    """Open a database for a moment, in a test that is no coroutine."""

    async def run() -> T:
        database = Database(url)
        try:
            return await look(database)
        finally:
            await database.dispose()

    return asyncio.run(run())


def tables(url: str) -> set[str]:
    """The names of a database's tables."""

    async def look(database: Database) -> set[str]:
        async with database.engine.connect() as connection:
            return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))

    return visit(url, look)


def sizes(rows: Snapshot) -> dict[str, int]:
    """How many rows each table has that has any."""
    return {table: len(found) for table, found in rows.items() if found}


@contextmanager
def recorded(engine: AsyncEngine) -> Iterator[list[str]]:
    """Record the statements that go to the database, without those that only bound transactions."""
    statements: list[str] = []

    def record(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            statements.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", record)
    try:
        yield statements
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", record)
