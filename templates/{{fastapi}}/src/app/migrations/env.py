"""Alembic's environment: which database, which tables, and how to compare them."""

import asyncio
from typing import Any

from alembic import context
from sqlalchemy import Connection, event, text

from app.core.database import Database
from app.core.settings import load_settings
from app.models import Base

# Any number will do, as long as all processes that migrate take the same one.
MIGRATION_LOCK = 7_239_841

OF_SQL_ALONE = "fts_"
"""Full-text indexes differ between databases and are made by migrations in SQL. Models do not know
them, so comparing leaves out what has a name like this."""


def include_name(name: str | None, _kind: str, _parents: Any) -> bool:
    """Whether something in the database is compared with the models."""
    return not (name or "").startswith(OF_SQL_ALONE)


def run_migrations(connection: Connection) -> None:
    """Migrate over an open connection, all or nothing."""
    on_sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=include_name,
        # SQLite cannot alter a column; Alembic then copies the table.
        render_as_batch=on_sqlite,
        # SQLite's too are part of the transaction, which Alembic does not expect of it.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        if not on_sqlite:
            # A table that is being used is waited for, however long that takes.
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            # Several containers may start at once; one migrates, the others find it done.
            connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
        context.run_migrations()
        if on_sqlite and connection.execute(text("PRAGMA foreign_key_check")).all():
            raise SystemExit("The migration would leave rows that refer to nothing. Undone.")


def suspend_foreign_keys(connection: Any, _entry: Any) -> None:
    """Let tables be replaced on SQLite: dropping the old one would delete all that refers to it.

    It has no effect within a transaction, so it is done on connecting. What then refers to nothing
    is found at the end: https://www.sqlite.org/lang_altertable.html#otheralter
    """
    connection.execute("PRAGMA foreign_keys = OFF")


async def connect_and_run() -> None:
    """Migrate the database that the settings name."""
    settings = context.config.attributes.get("settings") or load_settings()
    database = Database(settings.database_url)
    if database.engine.dialect.name == "sqlite":
        event.listen(database.engine.sync_engine, "connect", suspend_foreign_keys)
    try:
        async with database.engine.connect() as connection:
            await connection.run_sync(run_migrations)
    finally:
        await database.dispose()


if context.is_offline_mode():
    raise SystemExit("Migrations read the database; the option --sql is not supported.")
asyncio.run(connect_and_run())
