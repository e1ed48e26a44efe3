"""Puts an application together from a project's routers and what all applications have."""

import gc
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.middleware.cors import CORSMiddleware

from app.core import health
from app.core.database import Database
from app.core.errors import Render, install_error_handlers
from app.core.middleware import BodyLimit, LastResort, RequestContext
from app.core.passwords import Passwords
from app.core.settings import Settings
from app.core.throttling import LoginThrottle
from app.core.tokens import Tokens

LOCAL_ORIGIN = r"http://(localhost|127\.0\.0\.1)(:[0-9]+)?"


def build_application(
    settings: Settings,
    *,
    routers: Sequence[APIRouter],
    prefix: str = "",
    render_error: Render,
    database: Database | None = None,
    passwords: Passwords | None = None,
    **description: Any,
) -> FastAPI:
    """Make the application.

    Args:
        settings: The settings.
        routers: The project's own routes.
        prefix: What the paths of these routes begin with.
        render_error: Makes the body of error responses.
        database: Takes the place of the one in the settings, for tests.
        passwords: Takes the place of the usual hasher, for tests.
        **description: What FastAPI shows in the documentation: `title`, `version`, ...
    """
    opened = database or Database(settings.database_url, pool_size=settings.database_pool_size)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        # What has been imported and built stays to the end; the garbage collector need not look
        # through all of it again and again.
        gc.collect()
        gc.freeze()
        yield
        await opened.dispose()

    app = FastAPI(
        lifespan=lifespan,
        generate_unique_id_function=_operation_id,
        **description,
    )
    app.state.database = opened
    app.state.passwords = passwords or Passwords()
    app.state.tokens = Tokens(settings.secret_key.get_secret_value(), settings.token_lifetime)
    app.state.login_throttle = LoginThrottle(settings.login_rate)

    for router in routers:
        app.include_router(router, prefix=prefix)
    app.include_router(health.router)
    install_error_handlers(app, render_error)
    _surround(app, settings, render_error)
    return app


def _operation_id(route: Any) -> str:
    """Name an operation after its function, as generated clients then name theirs."""
    return str(route.name)


def _surround(app: FastAPI, settings: Settings, render_error: Render) -> None:
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
            allow_headers=["Authorization", "Content-Type", "X-Request-ID"],
            expose_headers=["X-Request-ID", "Retry-After"],
        )
    add(RequestContext)
