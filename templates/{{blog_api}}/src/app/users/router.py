"""Routes: registration, signing in, the current user."""

from fastapi import APIRouter

from app.core.dependencies import PasswordsDep, SessionDep, TokensDep
from app.core.responses import UNREADABLE_BODY
from app.core.tokens import Tokens
from app.core.transactions import TransactionalRoute
from app.responses import errors
from app.users import service
from app.users.accounts import Account, issue_token
from app.users.dependencies import CurrentUser
from app.users.schemas import (
    LoginRequest,
    NewUserRequest,
    SignedInUser,
    UserChangesRequest,
    UserResponse,
)
from app.users.signing_in import SigningInDep

router = APIRouter(route_class=TransactionalRoute, tags=["User and Authentication"])


def _response(user: Account, tokens: Tokens) -> UserResponse:
    return UserResponse(
        user=SignedInUser(
            email=user.email,
            token=issue_token(tokens, user),
            username=user.username,
            bio=user.bio,
            image=user.image,
        )
    )


@router.post("/users", status_code=201, responses=errors(*UNREADABLE_BODY))
async def register(
    body: NewUserRequest, session: SessionDep, passwords: PasswordsDep, tokens: TokensDep
) -> UserResponse:
    """Register."""
    user = await service.register(session, passwords, body.user)
    return _response(Account.of(user), tokens)


@router.post("/users/login", responses=errors(401, 429, *UNREADABLE_BODY))
async def login(body: LoginRequest, signing_in: SigningInDep, tokens: TokensDep) -> UserResponse:
    """Sign in, and get a token."""
    return _response(Account.of(await signing_in.check(body.user)), tokens)


@router.get("/user", responses=errors(401))
async def get_current_user(user: CurrentUser, tokens: TokensDep) -> UserResponse:
    """Get the current user, with a fresh token."""
    return _response(user, tokens)


@router.put("/user", responses=errors(401, *UNREADABLE_BODY))
async def update_current_user(
    body: UserChangesRequest,
    user: CurrentUser,
    session: SessionDep,
    passwords: PasswordsDep,
    tokens: TokensDep,
) -> UserResponse:
    """Change the current user; at least one field is required."""
    changed = await service.change(session, passwords, user, body.user)
    return _response(Account.of(changed), tokens)
