"""Record what the task manager sends to the database for some requests. Runs in its Python.

Prints JSON: a token, tokens of people who follow the project, the pages of the board with their
statements and parameters, the keys of the tasks by column, the statement that reads a task, and how
many each kind of request takes.
"""

import asyncio
import json
import logging
from collections import defaultdict
from typing import Any

import httpx2
from sqlalchemy import event, select

from app.demo import EMAIL, KEY, PASSWORD
from app.main import create_app
from app.projects.models import Member, Project
from app.projects.roles import Role
from app.users.models import User

BOARD = f"/api/projects/{KEY}/tasks?limit=100"
FOLLOWERS = 20
"""How many people listen. Each may have ten streams at once."""


async def record() -> dict[str, Any]:
    """Read the board page by page, and note the statements."""
    app = create_app()
    statements: list[dict[str, Any]] = []

    def note(_c: Any, _cursor: Any, sql: str, parameters: Any, *_: Any) -> None:
        statements.append({"sql": sql, "parameters": list(parameters)})

    for engine in (app.state.database.engine, app.state.database.reading_engine):
        event.listen(engine.sync_engine, "before_cursor_execute", note)
    pages = []
    columns: dict[str, list[str]] = defaultdict(list)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://bench") as client:
        login = {"email": EMAIL, "password": PASSWORD}
        answer = (await client.post("/api/auth/login", json=login)).raise_for_status()
        token = answer.json()["access"]
        client.headers["Authorization"] = f"Bearer {token}"
        path: str | None = BOARD
        while path:
            statements.clear()
            page = (await client.get(path)).raise_for_status().json()
            pages.append({"path": path, "statements": list(statements)})
            for task in page["items"]:
                columns[task["status"]].append(task["key"])
            path = f"{BOARD}&cursor={page['next']}" if page["next"] else None
        first, second = next(iter(columns.values()))[:2]
        statements.clear()
        move = await client.post(
            f"/api/tasks/{first}/move", json={"after": second}, headers={"If-Match": "*"}
        )
        move.raise_for_status()
        counts = {"GET board": len(pages[0]["statements"]), "POST move": len(statements)}
        task = statements[-1]["sql"]
        followers = [await follower(client, number) for number in range(FOLLOWERS)]
        async with app.state.database.session() as session:
            project = await session.scalar(select(Project.id).where(Project.key == KEY))
            names = [name for name, _ in followers]
            for user in await session.scalars(select(User.id).where(User.username.in_(names))):
                session.add(Member(project_id=project, user_id=user, role=Role.VIEWER))
            await session.commit()
    await app.state.database.dispose()
    return {
        "token": token,
        "followers": [each for _, each in followers],
        "pages": pages,
        "columns": columns,
        # What is shown of a task that was moved, by its project and its number.
        "task": task,
        "statements": counts,
    }


async def follower(client: httpx2.AsyncClient, number: int) -> tuple[str, str]:
    """Register somebody, and return their name and their token."""
    name = f"follower{number}"
    new = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
    answer = (await client.post("/api/auth/register", json=new)).raise_for_status()
    return name, answer.json()["access"]


if __name__ == "__main__":
    logging.disable()
    print(json.dumps(asyncio.run(record()), default=str))
