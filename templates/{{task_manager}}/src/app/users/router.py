"""Routes: registration, sessions, the current user."""

from fastapi import APIRouter

from app.core.dependencies import PasswordsDep, SessionDep, SettingsDep, TokensDep
from app.core.responses import UNREADABLE_BODY
from app.core.transactions import TransactionalRoute
from app.responses import errors
from app.users import service
from app.users.dependencies import CurrentUser
from app.users.models import User
from app.users.schemas import (
    AccountChanges,
    AccountView,
    ChangedAccount,
    Login,
    NewUser,
    RefreshRequest,
    SignedIn,
    TokenPair,
)
from app.users.sessions import close_all, close_session, open_session, refresh_session
from app.users.signing_in import SigningInDep

router = APIRouter(route_class=TransactionalRoute, tags=["Account"])


def _signed_in(user: User, tokens: TokenPair) -> SignedIn:
    view = AccountView(username=user.username, email=user.email)
    return SignedIn(access=tokens.access, refresh=tokens.refresh, user=view)


@router.post("/auth/register", status_code=201, responses=errors(409, *UNREADABLE_BODY))
async def register(
    body: NewUser,
    session: SessionDep,
    passwords: PasswordsDep,
    tokens: TokensDep,
    settings: SettingsDep,
) -> SignedIn:
    """Make an account, and sign in to it."""
    user = await service.register(session, passwords, body)
    pair = await open_session(session, tokens, user, settings.refresh_token_lifetime)
    return _signed_in(user, pair)


@router.post("/auth/login", responses=errors(401, 429, *UNREADABLE_BODY))
async def login(
    body: Login,
    session: SessionDep,
    signing_in: SigningInDep,
    tokens: TokensDep,
    settings: SettingsDep,
) -> SignedIn:
    """Sign in."""
    user = await signing_in.check(body)
    pair = await open_session(session, tokens, user, settings.refresh_token_lifetime)
    return _signed_in(user, pair)


@router.post("/auth/refresh", responses=errors(401, *UNREADABLE_BODY))
async def refresh(
    body: RefreshRequest, session: SessionDep, tokens: TokensDep, settings: SettingsDep
) -> TokenPair:
    """Get the next two tokens. A refresh token is good for this once.

    If the answer is lost, ask again at once: for ten seconds the same token gets the same next one.
    """
    return await refresh_session(session, tokens, body.refresh, settings.refresh_token_lifetime)


@router.post("/auth/logout", status_code=204, responses=errors(401, *UNREADABLE_BODY))
async def logout(body: RefreshRequest, session: SessionDep, tokens: TokensDep) -> None:
    """Sign out, on the device that this refresh token belongs to."""
    await close_session(session, tokens, body.refresh)


@router.get("/account", responses=errors(401))
async def get_account(user: CurrentUser) -> AccountView:
    """Read your account."""
    return AccountView(username=user.username, email=user.email)


@router.patch("/account", responses=errors(401, 409, 429, *UNREADABLE_BODY))
async def change_account(
    body: AccountChanges,
    session: SessionDep,
    *,
    user: CurrentUser,
    signing_in: SigningInDep,
    tokens: TokensDep,
    settings: SettingsDep,
) -> ChangedAccount:
    """Change your address or your password.

    A new password signs out all devices; this one gets new tokens.
    """
    changed = await service.change(session, signing_in, user, body)
    pair = None
    if body.password is not None:
        pair = await open_session(session, tokens, changed, settings.refresh_token_lifetime)
    return ChangedAccount(username=changed.username, email=changed.email, tokens=pair)


@router.delete("/account/sessions", status_code=204, responses=errors(401))
async def sign_out_everywhere(user: CurrentUser, session: SessionDep) -> None:
    """Sign out on all devices, this one too."""
    await close_all(session, user)
