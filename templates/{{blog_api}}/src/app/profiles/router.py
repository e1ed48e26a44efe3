"""Routes: profiles and following."""

from fastapi import APIRouter

from app.core.dependencies import SessionDep
from app.core.transactions import TransactionalRoute
from app.profiles import service
from app.profiles.schemas import ProfileResponse, UsernamePath
from app.responses import errors
from app.users.dependencies import OPTIONAL_TOKEN, CurrentUser, Viewer

router = APIRouter(route_class=TransactionalRoute, prefix="/profiles/{username}", tags=["Profile"])


@router.get("", responses=errors(401, 404, 422), openapi_extra=OPTIONAL_TOKEN)
async def get_profile(
    username: UsernamePath, session: SessionDep, viewer: Viewer
) -> ProfileResponse:
    """Get a profile."""
    return ProfileResponse(profile=await service.get_profile(session, viewer, username))


@router.post("/follow", responses=errors(401, 404, 422))
async def follow_user(
    username: UsernamePath, session: SessionDep, user: CurrentUser
) -> ProfileResponse:
    """Follow a user."""
    return ProfileResponse(profile=await service.follow(session, user, username))


@router.delete("/follow", responses=errors(401, 404, 422))
async def unfollow_user(
    username: UsernamePath, session: SessionDep, user: CurrentUser
) -> ProfileResponse:
    """Follow a user no longer."""
    return ProfileResponse(profile=await service.unfollow(session, user, username))
