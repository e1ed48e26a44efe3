"""The application: which routes there are, what runs beside them, and how errors look."""

from typing import Any

from fastapi import FastAPI

from app.activity.router import router as activity
from app.comments.router import router as comments
from app.core.application import Headers, build_application
from app.core.settings import Settings, load_settings
from app.invitations.router import router as invitations
from app.live.hub import Hub
from app.live.lifespan import running as telling
from app.live.router import router as live
from app.live.source import HISTORY
from app.mail.sender import running as sending_mail
from app.notifications.router import router as notifications
from app.projects.router import router as projects
from app.responses import describe_problems, render_error
from app.tasks.router import router as tasks
from app.users.router import router as users

DESCRIPTION = """\
A team's projects and tasks. Register or sign in, then send the header
`Authorization: Bearer <access token>`; `POST /api/auth/refresh` gets the next tokens.

Each task has an `ETag`, and whoever changes it says in `If-Match` which version they have seen.
Every change is an entry of the project's history, which can be followed live at
`/api/projects/{key}/events`.
"""


def create_app(settings: Settings | None = None, **replaced: Any) -> FastAPI:
    """Make the application.

    Args:
        settings: The settings; read from the environment where they are not given.
        **replaced: What tests put in place of the usual parts: see `build_application`.
    """
    settings = settings or load_settings()
    app = build_application(
        settings,
        routers=[users, projects, invitations, tasks, comments, activity, live, notifications],
        prefix="/api",
        render_error=render_error,
        token_lifetime=settings.access_token_lifetime,
        running=[sending_mail(settings), telling],
        headers=Headers(
            of_requests=("If-Match", "Last-Event-ID"), of_responses=("ETag", "Location")
        ),
        title="Task manager",
        version="1.0.0",
        description=DESCRIPTION,
        **replaced,
    )
    app.state.hub = Hub(app.state.database, HISTORY)
    describe_problems(app)
    return app
