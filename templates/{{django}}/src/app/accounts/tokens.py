"""Tokens: signed, short-lived, and of no use without the session that they name."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from rest_framework_simplejwt.exceptions import ExpiredTokenError, TokenError
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token

from app.accounts.models import Session
from app.core.errors import NotAuthenticatedError

SESSION = "sid"

AnyToken = TypeVar("AnyToken", bound=Token)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What somebody gets who has signed in.

    Attributes:
        access: Shows for some minutes who sends a request.
        refresh: Gets the next two tokens, once.
    """

    access: str
    refresh: str


@dataclass(frozen=True, slots=True)
class Claims:
    """What a valid token says.

    Attributes:
        session: The session it belongs to.
        token: The token's own identifier.
    """

    session: UUID
    token: str


@dataclass(frozen=True, slots=True)
class NewRefresh:
    """A refresh token that is to be issued.

    Attributes:
        token: The token.
        id: Its identifier, which the session keeps.
        expires_at: Until when it is good.
    """

    token: RefreshToken
    id: str
    expires_at: datetime


def new_refresh() -> NewRefresh:
    """Make a refresh token, for a session that it is told later."""
    token = RefreshToken()
    return NewRefresh(token, str(token["jti"]), token.current_time + token.lifetime)


def issue(session: UUID, refresh: NewRefresh) -> Tokens:
    """Sign a session's tokens."""
    refresh.token[SESSION] = session.hex
    return Tokens(str(refresh.token.access_token), str(refresh.token))


def read_access(token: str) -> Claims:
    """Check an access token's signature and time, and return what it says.

    Raises:
        NotAuthenticatedError: It is not one of ours, or its time is over.
    """
    return _read(AccessToken, token)


def read_refresh(token: str) -> Claims:
    """Check a refresh token in the same way.

    Raises:
        NotAuthenticatedError: It is not one of ours, or its time is over.
    """
    return _read(RefreshToken, token)


def _read(kind: type[AnyToken], token: str) -> Claims:
    try:
        read = kind(token)  # type: ignore[arg-type]
        return Claims(UUID(hex=str(read[SESSION])), str(read["jti"]))
    except ExpiredTokenError:
        raise NotAuthenticatedError(
            "The token has expired. Get another, or sign in again.", code="token_expired"
        ) from None
    except (TokenError, KeyError, ValueError, RecursionError):
        # The last two come from what is within it, before its signature is looked at.
        raise NotAuthenticatedError(
            "The token is not valid. Sign in again.", code="token_invalid"
        ) from None


def is_good(session: Session) -> bool:
    """Whether somebody is still signed in, as far as the account goes."""
    user = session.user
    return user.is_active and session.password_mark == user.get_session_auth_hash()


def revoked() -> NotAuthenticatedError:
    """The answer to a token that was good once."""
    return NotAuthenticatedError("The session has ended. Sign in again.", code="token_revoked")
