"""The history is only added to: the database itself refuses all else, and numbers have no gaps."""

from typing import Any

import pytest
from databases import snapshot
from httpx2 import AsyncClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from team import Person, alone
from walking import failing_commits

from app.core.database import Database

COLUMNS = "project_id, seq, at, actor_id, kind, task_number, subject, changes"
UPSERT = " ON CONFLICT (project_id, seq) DO UPDATE SET subject = excluded.subject"
MESSAGE = "the history is never changed or deleted"


async def scene(client: AsyncClient) -> Person:
    """Somebody with a project in which a few things happened."""
    ada = await alone(client, tasks=1)
    await ada.change("WEB-1", title="New")
    return ada


async def is_refused(database: Database, statement: str) -> str:
    """Run a statement, and tell what the database says."""
    async with database.session() as session:
        with pytest.raises(DBAPIError) as caught:
            await session.execute(text(statement))
    return str(caught.value.orig)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE activity SET subject = 'x' WHERE seq = 1",
        "UPDATE activity SET seq = seq + 100",
        "UPDATE activity SET changes = changes",
        "DELETE FROM activity WHERE seq = 3",
        "DELETE FROM activity",
    ],
)
async def test_no_statement_changes_or_deletes_an_entry(
    own_client: AsyncClient, own_database: Database, statement: str
) -> None:
    await scene(own_client)
    before = await snapshot(own_database)
    assert MESSAGE in await is_refused(own_database, statement)
    assert await snapshot(own_database) == before


async def test_no_insert_takes_the_place_of_an_entry(
    own_client: AsyncClient, own_database: Database
) -> None:
    await scene(own_client)
    before = await snapshot(own_database)
    rows = f"SELECT {COLUMNS.replace('subject', 'upper(subject)')} FROM activity WHERE true"
    statements = [
        f"INSERT INTO activity ({COLUMNS}) {rows}",
        f"INSERT INTO activity ({COLUMNS}) {rows}{UPSERT}",
    ]
    if own_database.engine.dialect.name == "sqlite":
        other = COLUMNS.replace("seq", "seq + 100")
        statements += [
            f"REPLACE INTO activity ({COLUMNS}) {rows}",
            f"REPLACE INTO activity (rowid, {COLUMNS}) SELECT rowid, {other} FROM activity",
            "UPDATE OR REPLACE activity SET seq = 1 WHERE seq = 3",
        ]
    for statement in statements:
        await is_refused(own_database, statement)
        assert await snapshot(own_database) == before, statement


async def test_what_has_a_history_cannot_be_deleted(
    own_client: AsyncClient, own_database: Database
) -> None:
    await scene(own_client)
    before = await snapshot(own_database)
    for table in ("projects", "users"):
        assert "foreign key" in (await is_refused(own_database, f"DELETE FROM {table}")).lower()
    assert await snapshot(own_database) == before


async def test_what_is_rolled_back_leaves_no_entry_and_no_gap(
    own_client: AsyncClient, own_database: Database
) -> None:
    ada = await scene(own_client)
    before = await snapshot(own_database)
    changes: list[tuple[str, str, Any]] = [
        ("POST", "/projects/WEB/tasks", {"title": "Two"}),
        ("PATCH", "/tasks/WEB-1", {"title": "Newer"}),
        ("POST", "/tasks/WEB-1/move", {"after": None, "status": "in_progress"}),
        ("POST", "/tasks/WEB-1/comments", {"body": "Fine."}),
        ("DELETE", "/tasks/WEB-1", None),
    ]
    for method, path, body in changes:
        with failing_commits(own_database):
            response = await ada.request(method, path, json=body, headers={"If-Match": "*"})
        assert response.status_code == 500, (path, response.text)
        await own_database.engine.dispose()
        assert await snapshot(own_database) == before
    # So is what is refused after a part of it was written.
    refused = {"title": "Newest", "labels": ["x"], "status": "done"}
    response = await ada.patch("/tasks/WEB-1", refused, **{"If-Match": "*"})
    assert response.status_code == 409
    assert await snapshot(own_database) == before
    assert await ada.add("Two") == "WEB-2"
    assert [entry["id"] for entry in await ada.history()] == [1, 2, 3, 4, 5]
