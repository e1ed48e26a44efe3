"""Who asks: the current user, from the Authorization header."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from app.core.dependencies import SessionDep, TokensDep
from app.core.tokens import token_from_header
from app.users.accounts import Account, account_of
from app.users.credentials import not_signed_in

SCHEMES = ("Bearer",)

# It only describes the header in the OpenAPI document; the value is read below.
_scheme = HTTPBearer(
    scheme_name="Token", description="The access token from signing in.", auto_error=False
)


async def _token(request: Request, _header: Annotated[object, Depends(_scheme)]) -> str:
    header = request.headers.get("authorization")
    if header is None:
        raise not_signed_in()
    return token_from_header(header, SCHEMES)


AccessToken = Annotated[str, Depends(_token)]
"""The token of a request; none is an error."""


async def _current_user(token: AccessToken, session: SessionDep, tokens: TokensDep) -> Account:
    return await account_of(session, tokens, token)


CurrentUser = Annotated[Account, Depends(_current_user)]
"""Who asks; nobody is an error."""
