"""Route: tags."""

from fastapi import APIRouter
from pydantic import BaseModel

from app.articles import queries
from app.core.dependencies import SessionDep
from app.core.transactions import TransactionalRoute
from app.responses import errors

router = APIRouter(route_class=TransactionalRoute, tags=["Tags"])


class TagsResponse(BaseModel):
    """Tags, the most used first."""

    tags: list[str]


@router.get("/tags", responses=errors())
async def get_tags(session: SessionDep) -> TagsResponse:
    """List the tags of published articles, the most used first."""
    return TagsResponse(tags=await queries.list_tags(session))
