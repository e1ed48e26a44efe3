"""The database: engine, sessions, and what differs between SQLite and PostgreSQL.

One session serves one request, and it is committed once (see `transactions.py`). Reading and
writing sessions differ in how they begin: see docs/decisions/0062-transactions.md.
"""

from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

BUSY_MILLISECONDS = 10_000
CONNECT_SECONDS = 5
STATEMENT_SECONDS = 30
POOL_WAIT_SECONDS = 10


class ReadOnlySession(Session):
    """Refuses to write: what a GET request changes by mistake must not pass unseen."""

    def flush(self, objects: Any = None) -> None:  # noqa: ARG002 - SQLAlchemy's signature
        """Do nothing where there is nothing to write, and refuse the rest."""
        if self.new or self.dirty or self.deleted:
            raise RuntimeError("This session only reads. Requests that write use POST, PUT, ...")


class Database:
    """The engines and the sessions of one process.

    Reading sessions have an engine of their own, without transactions: on PostgreSQL each statement
    sees the newest commit with or without one around it, and leaving it out saves two round trips.

    Args:
        url: As in the setting `DATABASE_URL`.
        pool_size: The greatest number of connections for reading, and of those for writing.
    """

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.engine = create_engine(url, pool_size=pool_size)
        self.reading_engine = create_engine(url, pool_size=pool_size, isolation_level="AUTOCOMMIT")
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine.sync_engine, "begin", _begin_to_write)

    def session(self, *, read_only: bool = False) -> AsyncSession:
        """Make a session. It connects when it is first used; whoever made it closes it.

        What is not committed by then is rolled back.
        """
        if read_only:
            return AsyncSession(self.reading_engine, sync_session_class=ReadOnlySession)
        return AsyncSession(self.engine, expire_on_commit=False)

    async def dispose(self) -> None:
        """Close all connections."""
        await self.reading_engine.dispose()
        await self.engine.dispose()


def create_engine(url: str, *, pool_size: int = 10, **options: Any) -> AsyncEngine:
    """Make an engine for SQLite or PostgreSQL.

    Args:
        url: As in the setting `DATABASE_URL`.
        pool_size: The greatest number of connections.
        **options: Further options of SQLAlchemy's `create_engine`.
    """
    options |= {"pool_size": pool_size, "max_overflow": 0, "pool_timeout": POOL_WAIT_SECONDS}
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_async_engine(make_url(url).set(drivername="sqlite+aiosqlite"), **options)
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        return engine
    engine = create_async_engine(
        "postgresql+asyncpg://",
        # asyncpg reads the URL itself: it knows what providers put there, such as sslmode.
        connect_args={
            "dsn": url,
            "timeout": CONNECT_SECONDS,
            "command_timeout": STATEMENT_SECONDS,
        },
        **options,
    )
    event.listen(engine.sync_engine, "checkout", _refuse_closed)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    # Readers go on while one connection writes, and a second writer waits instead of failing.
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    # Off by default, for the sake of files from before 2009.
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_to_write(connection: Connection) -> None:
    """Take SQLite's write lock at the start.

    A transaction that reads first and then writes would fail at once, without waiting, where
    another has written in between: https://www.sqlite.org/isolation.html
    """
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _refuse_closed(
    connection: DBAPIConnection, _entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    """Have the pool replace connections that a restarted server closed, at no round trip."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError
