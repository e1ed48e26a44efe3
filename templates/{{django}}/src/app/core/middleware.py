"""What surrounds every request: its id, its line in the log, its headers, its last resort."""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.middleware.common import CommonMiddleware

from app.core.logs import identity_of, request_id
from app.core.problems import NOT_HERE, problem, server_fault, too_large

logger = logging.getLogger("app.requests")

Handle = Callable[[HttpRequest], HttpResponseBase]

_HEALTH = "/health/"
# Pages load what they need from this server, and nothing else. Neither has a script within it; the
# documentation has styles.
_PAGE = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'"
)
_PAGES = {"/admin/": _PAGE, "/docs": f"{_PAGE}; style-src 'self' 'unsafe-inline'"}
_DATA = "default-src 'none'; frame-ancestors 'none'"


class RequestContext:
    """Gives a request an id, a line in the log, and its response the headers that all have."""

    def __init__(self, get_response: Handle) -> None:
        self._handle = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve a request, whatever happens."""
        identity = _identity(request)
        begun = time.perf_counter()
        status = 0
        token = request_id.set(identity)
        try:
            response = self._answer(request)
            status = response.status_code
            response["X-Request-ID"] = identity
            # Files and pages have said for how long they may be kept.
            response.headers.setdefault("Cache-Control", "no-store")
            response.headers.setdefault("Content-Security-Policy", _policy(request))
            return response
        finally:
            logger.info(
                "request",
                extra={
                    "method": request.method,
                    "path": request.path,
                    "status": status,
                    "milliseconds": round((time.perf_counter() - begun) * 1000, 2),
                },
            )
            request_id.reset(token)

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path_info:
            # PostgreSQL has no room for that character, so nothing can have it in its name.
            return problem(404, NOT_HERE, code="not_found")
        try:
            return self._handle(request)
        except Exception:  # noqa: BLE001 - the last resort: Django failed to answer a failure
            return server_fault(request)


class BodyLimit:
    """Refuses bodies that are too large, before they are read.

    A body that does not say how large it is has been read by `app/wsgi.py`, up to the limit.
    """

    def __init__(self, get_response: Handle) -> None:
        self._handle = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve a request, if its body is not too large."""
        declared = str(request.META.get("CONTENT_LENGTH") or "0")
        if declared.isdecimal() and int(declared) > settings.MAX_BODY_BYTES:
            return too_large()
        return self._handle(request)


class Common(CommonMiddleware):
    """Django's, which checks the host, but lets health be asked for under any name.

    A probe comes to the address of a container, which no setting could name beforehand.
    """

    def process_request(self, request: HttpRequest) -> HttpResponsePermanentRedirect | None:
        """Check the host."""
        if request.path_info.startswith(_HEALTH):
            return None
        return super().process_request(request)


def _identity(request: HttpRequest) -> str:
    return identity_of(request.headers.get("X-Request-ID", ""))


def _policy(request: HttpRequest) -> str:
    for prefix, policy in _PAGES.items():
        if request.path_info.startswith(prefix):
            return policy
    return _DATA
