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
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection, PoolResetState

BUSY_MILLISECONDS = 10_000
CONNECT_SECONDS = 5
STATEMENT_SECONDS = 30
POOL_WAIT_SECONDS = 10
LOCK_SECONDS = 3
"""How long a statement waits for a lock. Less than others wait for its connection, so that many who
want the same row keep nobody from other rows."""


class Database:
    """The engines and the sessions of one process.

    Reading sessions have an engine of their own, without transactions: on PostgreSQL each statement
    sees the newest commit with or without one around it, and leaving it out saves two round trips.
    The database refuses to write for them, so a GET that changes something does not pass unseen.

    Args:
        url: As in the setting `DATABASE_URL`.
        pool_size: The greatest number of connections for reading, and of those for writing.
    """

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = url
        self.engine = create_engine(url, pool_size=pool_size)
        self.reading_engine = create_engine(url, pool_size=pool_size, read_only=True)
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine.sync_engine, "begin", _begin_to_write)

    def session(self, *, read_only: bool = False) -> AsyncSession:
        """Make a session. It connects when it is first used; whoever made it closes it.

        What is not committed by then is rolled back.
        """
        if read_only:
            return AsyncSession(self.reading_engine)
        return AsyncSession(self.engine, expire_on_commit=False)

    async def dispose(self) -> None:
        """Close all connections."""
        await self.reading_engine.dispose()
        await self.engine.dispose()


def create_engine(url: str, *, pool_size: int = 10, read_only: bool = False) -> AsyncEngine:
    """Make an engine for SQLite or PostgreSQL.

    Args:
        url: As in the setting `DATABASE_URL`.
        pool_size: The greatest number of connections.
        read_only: Have the database refuse to write, and do without transactions.
    """
    options: dict[str, Any] = {
        "pool_size": pool_size,
        "max_overflow": 0,
        "pool_timeout": POOL_WAIT_SECONDS,
        # Parameters are people's names, addresses, hashes of passwords; errors end up in logs.
        "hide_parameters": True,
    }
    if read_only:
        options["isolation_level"] = "AUTOCOMMIT"
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_async_engine(make_url(url).set(drivername="sqlite+aiosqlite"), **options)
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "reset", _end_transaction)
        if read_only:
            event.listen(engine.sync_engine, "connect", _refuse_to_write)
        return engine
    engine = create_async_engine(
        "postgresql+asyncpg://",
        # asyncpg reads the URL itself: it knows what providers put there, such as sslmode.
        connect_args={
            "dsn": url,
            "timeout": CONNECT_SECONDS,
            "command_timeout": STATEMENT_SECONDS,
            "server_settings": {
                "default_transaction_read_only": "on" if read_only else "off",
                "lock_timeout": f"{LOCK_SECONDS}s",
            },
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


def _refuse_to_write(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA query_only = ON")
    cursor.close()


def _end_transaction(
    connection: DBAPIConnection, _entry: ConnectionPoolEntry, state: PoolResetState
) -> None:
    """Leave no transaction open on a connection that goes back to the pool.

    A commit that fails does not end SQLite's transaction, and SQLAlchemy takes it for ended.
    """
    if state.asyncio_safe:
        connection.rollback()


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
