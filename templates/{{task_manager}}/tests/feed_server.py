"""A server of a feed, for a process of its own: `python feed_server.py`. PORT says where.

It waits for responses without end, so it ends only if they do by themselves.
"""

import os
from datetime import UTC, datetime, timedelta

import uvicorn
from fastapi import FastAPI
from feeds import SOURCE
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.live.hub import Hub
from app.live.lifespan import HubDep, running
from app.live.stream import EventStream, stream


async def _may_go_on(_session: AsyncSession) -> bool:
    return True


def create_app() -> FastAPI:
    """Make the application."""
    app = FastAPI(lifespan=running)
    app.state.hub = Hub(Database(os.environ["DATABASE_URL"]), SOURCE)

    @app.get("/events", response_class=EventStream)
    async def events(hub: HubDep) -> EventStream:
        until = datetime.now(UTC) + timedelta(hours=1)
        return EventStream(stream(hub, 1, None, may_go_on=_may_go_on, until=until))

    return app


if __name__ == "__main__":
    port = int(os.environ["PORT"])
    uvicorn.run("feed_server:create_app", factory=True, port=port, workers=2)
