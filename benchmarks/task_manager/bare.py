"""The least that handlers can do: the same SELECTs, the fewest writes, JSON by hand, and queues.

Runs in the project's Python. BENCH_RECORDED names the file with what was recorded.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import asyncpg
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

Record = Any
PRIORITIES = ("low", "normal", "high", "urgent")

RECORDED = json.loads(Path(os.environ["BENCH_RECORDED"]).read_text(encoding="utf-8"))
PAGES = {
    page["path"]: [(each["sql"], each["parameters"]) for each in page["statements"]]
    for page in RECORDED["pages"]
}

LOCK = """
SELECT projects.id, projects.last_activity FROM projects
JOIN members ON members.project_id = projects.id
JOIN sessions ON sessions.user_id = members.user_id
WHERE projects.key = $1 AND sessions.user_id = $2 LIMIT 1
FOR NO KEY UPDATE OF projects
"""
FIND = "SELECT id, status, rank, version FROM tasks WHERE project_id = $1 AND number = $2"
PLACE = """
SELECT above.rank, (
    SELECT min(below.rank) FROM tasks AS below
    WHERE below.project_id = $1 AND below.status = $3 AND below.rank > above.rank
      AND below.number <> $4
) AS below, (
    SELECT former.number FROM tasks AS former
    WHERE former.project_id = $1 AND former.status = $3 AND former.rank < $5
      AND former.number <> $4
    ORDER BY former.rank DESC LIMIT 1
) AS former
FROM tasks AS above
WHERE above.project_id = $1 AND above.status = $3 AND above.number = $2
"""
NUMBER_ANEW = """
UPDATE tasks SET rank = numbered.rank FROM (
    SELECT id, row_number() OVER (ORDER BY rank) * 4294967296 AS rank
    FROM tasks WHERE project_id = $1 AND status = $2
) AS numbered WHERE tasks.id = numbered.id
"""
WRITE = "UPDATE tasks SET rank = $2, version = version + 1, updated_at = $3 WHERE id = $1"
NUMBER = "UPDATE projects SET last_activity = $2 WHERE id = $1"
RECORD = """
INSERT INTO activity (project_id, seq, at, actor_id, kind, task_number, subject, changes)
VALUES ($1, $2, $3, $4, 'task.changed', $5, $6, $7)
"""
EVENTS = """
SELECT activity.seq, activity.at, users.username, activity.kind, projects.key,
       activity.task_number, activity.subject, activity.changes
FROM activity JOIN users ON users.id = activity.actor_id
JOIN projects ON projects.id = activity.project_id
WHERE activity.project_id = $1 AND activity.seq > $2 ORDER BY activity.seq
"""

queues: set[asyncio.Queue[bytes]] = set()
woken = asyncio.Event()


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """Keep as many connections as the project does, and one that listens."""
    url = os.environ["DATABASE_URL"]
    async with asyncpg.create_pool(url, min_size=10, max_size=10) as pool:
        app.state.pool = pool
        app.state.user = await pool.fetchval("SELECT id FROM users WHERE username = 'demo'")
        listening = await asyncpg.connect(url)
        await listening.add_listener("activity", lambda *_: woken.set())
        task = asyncio.create_task(tell(pool))
        yield
        task.cancel()
        await listening.close()


async def tell(pool: asyncpg.Pool) -> None:
    """Put each event into the queue of each listener."""
    project = await pool.fetchval("SELECT id FROM projects WHERE key = 'WEB'")
    seq = await pool.fetchval("SELECT last_activity FROM projects WHERE id = $1", project)
    while True:
        await woken.wait()
        woken.clear()
        for row in await pool.fetch(EVENTS, project, seq):
            seq = row["seq"]
            data = json.dumps(
                {
                    "id": seq,
                    "at": moment(row["at"]),
                    "actor": row["username"],
                    "kind": row["kind"],
                    "task": f"{row['key']}-{row['task_number']}",
                    "subject": row["subject"],
                    "changes": json.loads(row["changes"]),
                }
            )
            event = f"id: {seq}\nevent: {row['kind']}\ndata: {data}\n\n".encode()
            for queue in queues:
                queue.put_nowait(event)


async def board(request: Request) -> Response:
    """Send the recorded statements, and show what they return."""
    statements = PAGES[f"{request.url.path}?{request.url.query}"]
    async with request.app.state.pool.acquire() as connection:
        for sql, parameters in statements:
            rows = await connection.fetch(sql, *parameters)
    return JSONResponse({"items": [shown(row) for row in rows[:100]], "next": "x"})


async def move(request: Request) -> Response:
    """Move a task with the same guarantees, by as few statements as that takes."""
    project_key, _, number = request.path_params["key"].rpartition("-")
    after = (await request.json())["after"]
    above = int(after.rpartition("-")[2])
    user = request.app.state.user
    async with request.app.state.pool.acquire() as connection, connection.transaction():
        project, seq = await connection.fetchrow(LOCK, project_key, user)
        task, status, rank, _version = await connection.fetchrow(FIND, project, int(number))
        where = (project, above, status, int(number), rank)
        high, low, former = await connection.fetchrow(PLACE, *where)
        if low is not None and (low + high) // 2 == high:
            await connection.execute(NUMBER_ANEW, project, status)
            high, low, former = await connection.fetchrow(PLACE, *where)
        moment = datetime.now(UTC)
        new = high + 2**32 if low is None else (high + low) // 2
        await connection.execute(WRITE, task, new, moment)
        await connection.execute(NUMBER, project, seq + 1)
        changes = json.dumps({"after": [former and f"{project_key}-{former}", after]})
        await connection.execute(
            RECORD, project, seq + 1, moment, user, int(number), f"{project_key}-{number}", changes
        )
        row = await connection.fetchrow(RECORDED["task"], project, int(number))
    return JSONResponse(shown(row))


async def events(_request: Request) -> Response:
    """Listen."""
    queue: asyncio.Queue[bytes] = asyncio.Queue()
    queues.add(queue)

    async def heard() -> AsyncIterator[bytes]:
        yield b"event: ready\n\n"
        try:
            while True:
                yield await queue.get()
        finally:
            queues.discard(queue)

    return StreamingResponse(heard(), media_type="text/event-stream")


def shown(row: Record) -> dict[str, Any]:
    """A task as it is shown."""
    return {
        "key": f"{row['key']}-{row['number']}",
        "title": row["title"],
        "status": row["status"],
        "priority": PRIORITIES[row["priority"]],
        "assignee": row["assignee_name"],
        "labels": sorted(row["labels"].split(",")) if row["labels"] else [],
        "due_date": row["due_date"] and date.isoformat(row["due_date"]),
        "parent": row["parent_number"] and f"{row['key']}-{row['parent_number']}",
        "author": row["author_name"],
        "version": row["version"],
        "created_at": moment(row["created_at"]),
        "updated_at": moment(row["updated_at"]),
    }


def moment(value: datetime) -> str:
    """A moment as it is shown."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def ready(_request: Request) -> Response:
    """Tell that it answers."""
    return PlainTextResponse("ok")


app = Starlette(
    lifespan=lifespan,
    routes=[
        Route("/health/ready", ready),
        Route("/api/projects/{key}/tasks", board),
        Route("/api/tasks/{key}/move", move, methods=["POST"]),
        Route("/api/projects/{key}/events", events),
    ],
)

if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ["PORT"]), access_log=False, log_level="warning")
