"""What routes ask for: the session of their request, and the tools that the application holds."""

from typing import Annotated, cast

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.core.passwords import Passwords
from app.core.settings import Settings
from app.core.throttling import LoginThrottle
from app.core.tokens import Tokens
from app.core.transactions import database_of, session_of

# These are `async` although they wait for nothing: FastAPI sends others to a thread, which costs
# more than they do.


async def _settings(request: Request) -> Settings:
    return cast(Settings, request.app.state.settings)


async def _database(request: Request) -> Database:
    return database_of(request)


async def _session(request: Request) -> AsyncSession:
    return session_of(request)


async def _passwords(request: Request) -> Passwords:
    return cast(Passwords, request.app.state.passwords)


async def _tokens(request: Request) -> Tokens:
    return cast(Tokens, request.app.state.tokens)


async def _login_throttle(request: Request) -> LoginThrottle:
    return cast(LoginThrottle, request.app.state.login_throttle)


SessionDep = Annotated[AsyncSession, Depends(_session)]
"""The session of this request, which is committed once, when the route is done."""

SettingsDep = Annotated[Settings, Depends(_settings)]
DatabaseDep = Annotated[Database, Depends(_database)]
PasswordsDep = Annotated[Passwords, Depends(_passwords)]
TokensDep = Annotated[Tokens, Depends(_tokens)]
LoginThrottleDep = Annotated[LoginThrottle, Depends(_login_throttle)]
