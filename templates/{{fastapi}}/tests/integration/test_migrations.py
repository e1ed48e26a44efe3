"""Migrations: up and down, the same tables as the models, and no row lost on the way."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from databases import tables, visit
from sqlalchemy import Connection, inspect, text
from support import settings_for

from app.core.database import Database
from app.core.migrations import alembic_config, migrate
from app.models import Base

# As in `app/migrations/env.py`, which runs only within Alembic.
OF_SQL_ALONE = "fts_"


def on(url: str, look: Callable[[Connection], Any]) -> Any:
    """Look at a database, or change it."""

    async def run(database: Database) -> Any:
        async with database.engine.begin() as connection:
            return await connection.run_sync(look)

    return visit(url, run)


def differences(connection: Connection) -> list[Any]:
    def include(name: str | None, _kind: str, _parents: Any) -> bool:
        return not (name or "").startswith(OF_SQL_ALONE)

    context = MigrationContext.configure(connection, opts={"include_name": include})
    return list(compare_metadata(context, Base.metadata))


def test_migrations_lead_up_and_down_and_up_again(fresh_url: str) -> None:
    config = alembic_config(settings_for(fresh_url))
    command.upgrade(config, "head")
    up = tables(fresh_url)
    assert up > set(Base.metadata.tables)
    command.downgrade(config, "base")
    assert tables(fresh_url) == {"alembic_version"}
    command.upgrade(config, "head")
    assert tables(fresh_url) == up
    assert on(fresh_url, differences) == []


def test_models_and_migrations_do_not_differ(own_url: str) -> None:
    assert on(own_url, differences) == []


def test_comparing_finds_what_a_migration_forgot(fresh_url: str) -> None:
    migrate(settings_for(fresh_url))
    table = Base.metadata.sorted_tables[-1].name
    on(fresh_url, lambda connection: connection.execute(text(f"DROP TABLE {table}")))
    assert ("add_table", table) in [(kind, of.name) for kind, of, *_ in on(fresh_url, differences)]


def test_migrating_again_does_nothing(own_url: str) -> None:
    before = tables(own_url)
    migrate(settings_for(own_url))
    assert tables(own_url) == before


def test_names_of_constraints_are_the_same_on_every_database(own_url: str) -> None:
    def names(connection: Connection) -> set[str | None]:
        inspector = inspect(connection)
        return {
            constraint["name"]
            for table in Base.metadata.tables
            for constraint in (
                inspector.get_pk_constraint(table),
                *inspector.get_unique_constraints(table),
                *inspector.get_foreign_keys(table),
                *inspector.get_check_constraints(table),
            )
        }

    declared = {
        str(constraint.name)
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
    }
    assert on(own_url, names) == declared


REVISION = """
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {down!r}
branch_labels = None
depends_on = None


def upgrade():
    {upgrade}


def downgrade():
    pass
"""


def scripted(url: str, folder: Path, **upgrades: str) -> Config:
    """Migrations of one's own, run by the application's environment."""
    down = None
    for revision, upgrade in upgrades.items():
        script = REVISION.format(revision=revision, down=down, upgrade=upgrade)
        (folder / f"{revision}.py").write_text(script)
        down = revision
    config = alembic_config(settings_for(url))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(folder))
    return config


PARENT_AND_CHILD = """op.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY, old TEXT)")
    op.execute(
        "CREATE TABLE child (id INTEGER PRIMARY KEY,"
        " parent_id INTEGER NOT NULL REFERENCES parent (id) ON DELETE CASCADE)"
    )
    op.execute("INSERT INTO parent VALUES (1, 'x')")
    op.execute("INSERT INTO child VALUES (1, 1)")"""
# On SQLite this copies the table and drops the old one.
ALTER = """with op.batch_alter_table("parent") as batch:
        batch.alter_column("old", new_column_name="new", existing_type=sa.Text())"""
ORPHANS = """op.execute("CREATE TABLE more (id INTEGER PRIMARY KEY)")
    op.execute("DELETE FROM parent")"""


def rows(connection: Connection) -> dict[str, list[Any]]:
    return {
        table: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table}"))]
        for table in ("parent", "child")
    }


def test_altering_a_table_deletes_nothing_that_refers_to_it(fresh_url: str, tmp_path: Path) -> None:
    config = scripted(fresh_url, tmp_path, a=PARENT_AND_CHILD, b=ALTER)
    command.upgrade(config, "b")
    assert on(fresh_url, rows) == {"parent": [(1, "x")], "child": [(1, 1)]}
    columns = on(fresh_url, lambda connection: inspect(connection).get_columns("parent"))
    assert [column["name"] for column in columns] == ["id", "new"]


def test_a_migration_that_would_leave_orphans_on_sqlite_is_undone(
    fresh_url: str, tmp_path: Path
) -> None:
    if not fresh_url.startswith("sqlite"):
        return  # PostgreSQL deletes the child with its parent, as it was told to.
    config = scripted(fresh_url, tmp_path, a=PARENT_AND_CHILD, b=ORPHANS)
    command.upgrade(config, "a")
    before = tables(fresh_url)
    with pytest.raises(SystemExit, match=r"^The migration would leave rows that refer to nothing"):
        command.upgrade(config, "b")
    assert on(fresh_url, rows) == {"parent": [(1, "x")], "child": [(1, 1)]}
    assert tables(fresh_url) == before


def test_a_migration_that_fails_leaves_nothing_half_done(fresh_url: str, tmp_path: Path) -> None:
    failing = """op.execute("CREATE TABLE half (id INTEGER)")
    raise RuntimeError("in the middle")"""
    config = scripted(fresh_url, tmp_path, a=PARENT_AND_CHILD, b=failing)
    with pytest.raises(RuntimeError, match="in the middle"):
        command.upgrade(config, "b")
    assert tables(fresh_url) == set()


def test_printing_sql_is_refused_with_a_reason(fresh_url: str) -> None:
    with pytest.raises(SystemExit, match=r"^Migrations read the database; the option --sql"):
        command.upgrade(alembic_config(settings_for(fresh_url)), "head", sql=True)


def test_alembic_itself_takes_the_settings_of_the_program(
    fresh_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `uv run alembic upgrade head` does."""
    monkeypatch.setenv("DATABASE_URL", fresh_url)
    command.upgrade(alembic_config(), "head")
    assert on(fresh_url, differences) == []
