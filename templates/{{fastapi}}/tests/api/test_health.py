"""Health over HTTP: what a load balancer and a person on call are told."""

import logging

import pytest
from databases import Databases, RolledBack
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import text
from support import PASSWORDS, client_of, settings_for

from app.core.database import Database
from app.main import create_app


async def set_revision(database: Database, revision: str) -> None:
    async with database.session() as session:
        await session.execute(
            text("UPDATE alembic_version SET version_num = :to"), {"to": revision}
        )
        await session.commit()


async def test_a_migrated_database_is_ready(client: AsyncClient) -> None:
    response = await client.get("/health/ready")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


async def test_tables_that_are_newer_than_the_program_are_ready(
    client: AsyncClient, database: RolledBack
) -> None:
    await set_revision(database, "9999")
    response = await client.get("/health/ready")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


async def test_tables_of_an_older_known_revision_are_not_ready(
    client: AsyncClient, database: RolledBack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "app.core.migrations._known_revisions", lambda: ("b", frozenset({"a", "b"}))
    )
    await set_revision(database, "a")
    response = await client.get("/health/ready")
    assert (response.status_code, response.json()) == (503, {"status": "database not migrated"})


async def test_a_database_whose_migrations_were_all_taken_back_is_not_ready(
    client: AsyncClient, database: RolledBack
) -> None:
    async with database.session() as session:
        await session.execute(text("DELETE FROM alembic_version"))
        await session.commit()
    response = await client.get("/health/ready")
    assert (response.status_code, response.json()) == (503, {"status": "database not migrated"})


def unreachable(databases: Databases) -> str:
    if databases.server:
        return "postgresql://postgres@127.0.0.1:1/nobody-listens-here"
    return f"sqlite:///{databases.folder}/there/is/no/such/folder.db"


@pytest.fixture
def lost_app(databases: Databases) -> FastAPI:
    """The application, and no database where it should be."""
    return create_app(settings_for(unreachable(databases)), passwords=PASSWORDS)


async def test_without_its_database_it_is_alive_but_not_ready(
    lost_app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    async with client_of(lost_app) as client:
        alive = await client.get("/health/live")
        ready = await client.get("/health/ready")
    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json()) == (503, {"status": "database unavailable"})
    (logged,) = [record for record in caplog.records if record.name == "app.core.health"]
    assert (logged.levelno, logged.getMessage()) == (logging.WARNING, "database not ready")


async def test_a_database_without_any_tables_is_not_ready(
    fresh_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(settings_for(fresh_url), passwords=PASSWORDS)
    async with client_of(app) as client:
        response = await client.get("/health/ready")
    await app.state.database.dispose()
    assert response.status_code == 503
    assert response.json() == {"status": "database not migrated"}
    (logged,) = [record for record in caplog.records if record.name == "app.core.health"]
    assert "SELECT" not in logged.__dict__["cause"]
