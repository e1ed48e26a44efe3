"""Health: is the process alive, and can it serve?"""

import logging
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from app.core.errors import is_passing
from app.core.migrations import is_migrated
from app.core.transactions import database_of

logger = logging.getLogger(__name__)

router = APIRouter(prefix="/health", tags=["Health"])


class Health(BaseModel):
    """How the service is."""

    status: Literal["ok", "database unavailable", "database not migrated"]


async def _readiness(request: Request) -> Health:
    try:
        async with database_of(request).session(read_only=True) as session:
            return Health(status="ok" if await is_migrated(session) else "database not migrated")
    except (SQLAlchemyError, OSError) as error:
        # OSError: drivers let a refused connection through as it is.
        logger.warning("database not ready", extra={"cause": str(error)})
        # Where the database is not at fault, the statement is: its table is not there.
        return Health(
            status="database unavailable" if is_passing(error) else "database not migrated"
        )


@router.get("/live")
async def live() -> Health:
    """Whether the process answers. If not, it should be started again."""
    return Health(status="ok")


@router.get("/ready", responses={503: {"model": Health, "description": "Not ready"}})
async def ready(health: Annotated[Health, Depends(_readiness)], response: Response) -> Health:
    """Whether requests can be served now: the database answers, and its tables are up to date."""
    if health.status != "ok":
        response.status_code = 503
    return health
