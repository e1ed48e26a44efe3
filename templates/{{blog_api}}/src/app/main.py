"""The application: which routes there are, and how errors look."""

from typing import Any

from fastapi import FastAPI

from app.articles.router import router as articles
from app.articles.tags import router as tags
from app.comments.router import router as comments
from app.core.application import build_application
from app.core.settings import Settings, load_settings
from app.profiles.router import router as profiles
from app.responses import render_error
from app.users.router import router as users

DESCRIPTION = """\
The [RealWorld](https://github.com/gothinkster/realworld) "Conduit" API, version 1.1.0, with drafts,
search and moderators added. Sign in at `/api/users/login`, then send the header
`Authorization: Token <token>`.
"""


def create_app(settings: Settings | None = None, **replaced: Any) -> FastAPI:
    """Make the application.

    Args:
        settings: The settings; read from the environment where they are not given.
        **replaced: What tests put in place of the usual parts: see `build_application`.
    """
    settings = settings or load_settings()
    return build_application(
        settings,
        routers=[articles, comments, tags, profiles, users],
        prefix="/api",
        render_error=render_error,
        token_lifetime=settings.token_lifetime,
        title="Conduit",
        version="1.1.0",
        description=DESCRIPTION,
        **replaced,
    )
