"""One session and one commit for each request."""

from collections.abc import Callable, Coroutine
from typing import Any, cast

from fastapi import Request, Response
from fastapi.routing import APIRoute
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database


class TransactionalRoute(APIRoute):
    """A route whose request has a session, committed when the response is made and not yet sent.

    So a commit that fails is answered with an error. A dependency that commits after `yield` would
    do it once the response has left, and with `scope="function"` before, but at a higher price: see
    docs/decisions/0062-transactions.md.

    Routers ask for it: `APIRouter(route_class=TransactionalRoute)`.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Surround the usual handler with a session."""
        handle = super().get_route_handler()

        async def handle_in_session(request: Request) -> Response:
            reads = request.method == "GET"
            session = database_of(request).session(read_only=reads)
            request.state.session = session
            try:
                response = await handle(request)
                if not reads:
                    await session.commit()
                return response
            finally:
                await session.close()

        return handle_in_session


def database_of(request: Request) -> Database:
    """The database of the application that answers a request."""
    return cast(Database, request.app.state.database)


def session_of(request: Request) -> AsyncSession:
    """The session of a request to a `TransactionalRoute`."""
    try:
        return cast(AsyncSession, request.state.session)
    except AttributeError:
        raise RuntimeError(
            "No session here: make the router by APIRouter(route_class=TransactionalRoute)"
        ) from None
