"""What surrounds every request: its id, its line in the log, its headers, its last resort.

Plain ASGI: Starlette's `BaseHTTPMiddleware` runs each request in a task of its own, which costs
time and hides context variables.
"""

import logging
import time

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.logs import identity_of, request_id
from app.core.problems import BODY_TOO_LARGE, SERVER_FAULT, Render

logger = logging.getLogger("app.requests")

# For answers that are data and not pages: https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html
_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
]


class RequestContext:
    """Gives a request an id, a line in the log, and its response the headers that all have."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        identity = _identity(scope)
        begun = time.perf_counter()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                own = (b"x-request-id", identity.encode("ascii"))
                message["headers"] = [*message["headers"], *_HEADERS, own]
            await send(message)

        token = request_id.set(identity)
        try:
            await self.app(scope, receive, send_with_headers)
        finally:
            logger.info(
                "request",
                extra={
                    "method": scope["method"],
                    "path": scope["path"],
                    "status": status,
                    "milliseconds": round((time.perf_counter() - begun) * 1000, 2),
                },
            )
            request_id.reset(token)


class LastResort:
    """Turns what nobody caught into a 500 that gives nothing away, and a traceback in the log."""

    def __init__(self, app: ASGIApp, render: Render) -> None:
        self.app = app
        self._render = render

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, whatever happens."""
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception:
            logger.exception("unhandled error", extra={"path": scope.get("path")})
            if started or scope["type"] != "http":
                # Half a response has left: only an aborted connection tells the client so.
                raise
            await self._render(SERVER_FAULT)(scope, receive, send)


class BodyLimit:
    """Refuses bodies that are too large, before they are read where they say how large they are.

    FastAPI's `max_body_size` does so too, and answers in plain text.
    """

    def __init__(self, app: ASGIApp, limit: int, render: Render) -> None:
        self.app = app
        self._limit = limit
        self._render = render

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, if its body is not too large."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdecimal() and int(declared) > self._limit:
            await self._render(BODY_TOO_LARGE)(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._limit:
                raise HTTPException(BODY_TOO_LARGE.status)
            return message

        await self.app(scope, counted, send)


def _identity(scope: Scope) -> str:
    return identity_of(Headers(scope=scope).get("x-request-id", ""))
