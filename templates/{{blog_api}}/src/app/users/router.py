"""Routes: registration, signing in, the current user."""

from fastapi import APIRouter, Request

from app.core.dependencies import (
    DatabaseDep,
    LoginThrottleDep,
    PasswordsDep,
    SessionDep,
    TokensDep,
)
from app.core.text import email_key
from app.core.tokens import Claims, Tokens
from app.core.transactions import TransactionalRoute
from app.responses import UNREADABLE_BODY, errors
from app.users import service
from app.users.accounts import Account
from app.users.dependencies import CurrentUser
from app.users.schemas import (
    LoginRequest,
    NewUserRequest,
    SignedInUser,
    UserChangesRequest,
    UserResponse,
)

router = APIRouter(route_class=TransactionalRoute, tags=["User and Authentication"])


def _response(user: Account, tokens: Tokens) -> UserResponse:
    return UserResponse(
        user=SignedInUser(
            email=user.email,
            token=tokens.issue(Claims(user.id, user.token_version)),
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
async def login(
    body: LoginRequest,
    request: Request,
    *,
    database: DatabaseDep,
    passwords: PasswordsDep,
    tokens: TokensDep,
    throttle: LoginThrottleDep,
) -> UserResponse:
    """Sign in, and get a token."""
    email = email_key(body.user.email)
    address = request.client.host if request.client else ""
    await throttle.attempt(email, address)
    user = await service.authenticate(database, passwords, email, body.user.password)
    await throttle.succeeded(email, address)
    return _response(Account.of(user), tokens)


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
