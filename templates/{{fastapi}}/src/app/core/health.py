"""Health: is the process alive, and can it serve?"""

import logging
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from app.core.database import Database
from app.core.migrations import is_migrated
from app.core.problems import cause_of, is_passing
from app.core.transactions import database_of

Status = Literal["ok", "database unavailable", "database not migrated"]
OK: Literal["ok"] = "ok"
UNAVAILABLE: Literal["database unavailable"] = "database unavailable"
NOT_MIGRATED: Literal["database not migrated"] = "database not migrated"

logger = logging.getLogger(__name__)

router = APIRouter(prefix="/health", tags=["Health"])


class Health(BaseModel):
    """How the service is."""

    status: Status


async def readiness(database: Database) -> Status:
    """Look whether the database answers, and whether its tables are as new as the program."""
    try:
        async with database.session(read_only=True) as session:
            return OK if await is_migrated(session) else NOT_MIGRATED
    except (SQLAlchemyError, OSError) as error:
        # OSError: drivers let a refused connection through as it is.
        logger.warning("database not ready", extra={"cause": cause_of(error)})
        # Where the database is not at fault, the statement is: its table is not there.
        return UNAVAILABLE if is_passing(error) else NOT_MIGRATED


async def _readiness(request: Request) -> Health:
    return Health(status=await readiness(database_of(request)))


@router.get("/live")
async def live() -> Health:
    """Whether the process answers. If not, it should be started again."""
    return Health(status=OK)


@router.get("/ready", responses={503: {"model": Health, "description": "Not ready"}})
async def ready(health: Annotated[Health, Depends(_readiness)], response: Response) -> Health:
    """Whether requests can be served now: the database answers, and its tables are up to date."""
    if health.status != OK:
        response.status_code = 503
    return health
