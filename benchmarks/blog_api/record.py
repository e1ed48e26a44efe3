"""Record what the blog API sends to the database for some requests. Runs in the project's Python.

    python record.py TARGET ...     with the project's environment variables set

Prints JSON: a token, and for each target its path and its statements with their parameters.
"""

import asyncio
import json
import logging
import sys
from typing import Any

import httpx2
from sqlalchemy import event

from app.demo import EMAIL, PASSWORD
from app.main import create_app


async def record(targets: list[str]) -> dict[str, Any]:
    """Send each request once, and note the statements."""
    app = create_app()
    statements: list[dict[str, Any]] = []

    def note(_c: Any, _cursor: Any, sql: str, parameters: Any, *_: Any) -> None:
        statements.append({"sql": sql, "parameters": list(parameters)})

    for engine in (app.state.database.engine, app.state.database.reading_engine):
        event.listen(engine.sync_engine, "before_cursor_execute", note)
    requests: dict[str, Any] = {}
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://bench") as client:
        login = {"user": {"email": EMAIL, "password": PASSWORD}}
        answer = (await client.post("/api/users/login", json=login)).raise_for_status()
        token = answer.json()["user"]["token"]
        listed = (await client.get("/api/articles")).json()
        slug = listed["articles"][0]["slug"]
        for target in targets:
            path, _, signed_in = target.replace("{slug}", slug).partition(" ")
            headers = {"Authorization": f"Token {token}"} if signed_in else {}
            statements.clear()
            (await client.get(path, headers=headers)).raise_for_status()
            requests[target] = {"path": path, "statements": list(statements)}
    await app.state.database.dispose()
    return {"token": token, "requests": requests}


if __name__ == "__main__":
    logging.disable()
    print(json.dumps(asyncio.run(record(sys.argv[1:])), default=str))
