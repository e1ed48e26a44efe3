"""Who asks: the current user, from the Authorization header."""

from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import APIKeyHeader

from app.core.dependencies import SessionDep, TokensDep
from app.core.tokens import token_from_header
from app.users.accounts import Account, account_of
from app.users.credentials import not_signed_in

SCHEMES = ("Token", "Bearer")

# It only describes the header in the OpenAPI document; the value is read below.
_scheme = APIKeyHeader(
    name="Authorization",
    scheme_name="Token",
    description='"Token" (or "Bearer"), a space, and the token from registration or login.',
    auto_error=False,
)


async def _viewer(request: Request, session: SessionDep, tokens: TokensDep) -> Account | None:
    header = request.headers.get("authorization")
    if header is None:
        return None
    return await account_of(session, tokens, token_from_header(header, SCHEMES))


Viewer = Annotated[Account | None, Depends(_viewer)]
"""Who asks, or nobody. A token that is no good is an error here too, never the same as none."""

OPTIONAL_TOKEN: dict[str, Any] = {"security": [{}, {"Token": []}]}
"""`openapi_extra` of routes that take a `Viewer`."""


async def _current_user(
    viewer: Viewer, _header: Annotated[str | None, Depends(_scheme)]
) -> Account:
    if viewer is None:
        raise not_signed_in()
    return viewer


CurrentUser = Annotated[Account, Depends(_current_user)]
"""Who asks; nobody is an error."""
