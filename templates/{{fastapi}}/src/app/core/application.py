"""Puts an application together from a project's routers and what all applications have."""

import gc
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.middleware.cors import CORSMiddleware

from app.core import health
from app.core.database import Database
from app.core.middleware import BodyLimit, LastResort, RequestContext
from app.core.passwords import Passwords
from app.core.problems import Render, install_error_handlers
from app.core.settings import Settings
from app.core.throttling import LoginThrottle
from app.core.tokens import Tokens

Running = Callable[[FastAPI], AbstractAsyncContextManager[None]]
"""What works for as long as the application serves, beside its requests."""

LOCAL_ORIGIN = r"http://(localhost|127\.0\.0\.1)(:[0-9]+)?"


@dataclass(frozen=True, slots=True)
class Headers:
    """Headers that a browser's script at another origin may use, beside those of all services.

    Attributes:
        of_requests: Those that it may send.
        of_responses: Those that it may read.
    """

    of_requests: tuple[str, ...] = ()
    of_responses: tuple[str, ...] = ()


NO_MORE_HEADERS = Headers()


def build_application(
    settings: Settings,
    *,
    routers: Sequence[APIRouter],
    prefix: str = "",
    render_error: Render,
    token_lifetime: timedelta,
    running: Sequence[Running] = (),
    headers: Headers = NO_MORE_HEADERS,
    database: Database | None = None,
    passwords: Passwords | None = None,
    **description: Any,
) -> FastAPI:
    """Make the application.

    Args:
        settings: The settings.
        routers: The project's own routes.
        prefix: What the paths of these routes begin with.
        render_error: Makes error responses.
        token_lifetime: How long an access token is good.
        running: What is entered when the application starts to serve, and left when it stops.
        headers: The headers of the project's own that scripts at other origins may use.
        database: Takes the place of the one in the settings, for tests.
        passwords: Takes the place of the usual hasher, for tests.
        **description: What FastAPI shows in the documentation: `title`, `version`, ...
    """
    opened = database or Database(settings.database_url, pool_size=settings.database_pool_size)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # What has been imported and built stays to the end; the garbage collector need not look
        # through all of it again and again.
        gc.collect()
        gc.freeze()
        async with AsyncExitStack() as stack:
            for enter in running:
                await stack.enter_async_context(enter(app))
            yield
        await opened.dispose()

    app = FastAPI(
        lifespan=lifespan,
        generate_unique_id_function=_operation_id,
        **description,
    )
    app.state.settings = settings
    app.state.database = opened
    app.state.passwords = passwords or Passwords()
    app.state.tokens = Tokens(settings.secret_key.get_secret_value(), token_lifetime)
    app.state.login_throttle = LoginThrottle(settings.login_rate)

    for router in routers:
        app.include_router(router, prefix=prefix)
    app.include_router(health.router)
    install_error_handlers(app, render_error)
    _surround(app, settings, render_error, headers)
    return app


def _operation_id(route: Any) -> str:
    """Name an operation after its function, as generated clients then name theirs."""
    return str(route.name)


def _surround(app: FastAPI, settings: Settings, render_error: Render, headers: Headers) -> None:
    """Add the middleware, the innermost first."""
    add: Callable[..., None] = app.add_middleware
    add(BodyLimit, limit=settings.max_body_bytes, render=render_error)
    add(LastResort, render=render_error)
    if settings.cors_origins or settings.environment == "development":
        # Around the last resort, so that a browser's script can read a 500 too.
        add(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            # A front end that is being developed is served from this machine, on some other port.
            allow_origin_regex=None if settings.cors_origins else LOCAL_ORIGIN,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "X-Request-ID", *headers.of_requests],
            expose_headers=["X-Request-ID", "Retry-After", *headers.of_responses],
        )
    add(RequestContext)
