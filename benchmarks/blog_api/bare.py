"""The least that a handler can do: the same SELECTs by asyncpg, and JSON by hand.

Runs in the project's Python. BENCH_REQUESTS names the file with the recorded statements.
"""

import json
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

Record = Any

REQUESTS = {
    (request["path"], "signed in" in target): [
        (statement["sql"], statement["parameters"]) for statement in request["statements"]
    ]
    for target, request in json.loads(Path(os.environ["BENCH_REQUESTS"]).read_text()).items()
}


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """Keep as many connections as the project does."""
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=10, max_size=10) as pool:
        app.state.pool = pool
        yield


async def answer(request: Request) -> Response:
    """Send the recorded statements, and show what they return."""
    url = request.url
    path = f"{url.path}?{url.query}" if url.query else url.path
    statements = REQUESTS[path, "authorization" in request.headers]
    async with request.app.state.pool.acquire() as connection:
        results = [await connection.fetch(sql, *parameters) for sql, parameters in statements]
    return JSONResponse(document(url.path, results))


def document(path: str, results: Sequence[Sequence[Record]]) -> dict[str, Any]:
    """The response that the project gives too."""
    if path == "/api/tags":
        return {"tags": [row[0] for row in results[-1]]}
    if path in {"/api/articles", "/api/articles/feed"}:
        rows = results[-1]
        return {"articles": [article(row) for row in rows], "articlesCount": rows[0]["total"]}
    return {"article": {**article(results[-1][0]), "body": results[-1][0]["body"]}}


def article(row: Record) -> dict[str, Any]:
    """An article as it is shown."""
    return {
        "slug": row["slug"],
        "title": row["title"],
        "description": row["description"],
        "tagList": sorted(row["tags"].split(",")) if row["tags"] else [],
        "createdAt": row["created_at"].isoformat(),
        "updatedAt": row["updated_at"].isoformat(),
        "favorited": row["favorited"],
        "favoritesCount": row["favorites_count"],
        "author": {
            "username": row["username"],
            "bio": row["bio"],
            "image": row["image"],
            "following": row["following"],
        },
        "status": "draft" if row["draft"] else "published",
    }


async def ready(_request: Request) -> Response:
    """Tell that it answers."""
    return PlainTextResponse("ok")


app = Starlette(
    lifespan=lifespan,
    routes=[Route("/health/ready", ready), Route("/{path:path}", answer)],
)

if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ["PORT"]), access_log=False, log_level="warning")
