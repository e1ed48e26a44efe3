"""The application, for a WSGI server. `python -m app serve` is one."""

import io
import os
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "app.settings")

WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def with_known_length(handle: WSGI) -> WSGI:
    """Read bodies that do not say how large they are, as far as the limit allows.

    Django takes such a body (one that comes in chunks) for none.
    """

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("wsgi.input_terminated") and not environ.get("CONTENT_LENGTH"):
            try:
                # One byte more than is allowed, so that it can be told to be too many.
                body = environ["wsgi.input"].read(settings.MAX_BODY_BYTES + 1)
            except OSError:
                # It does not come; who reads on is told so again, and answers.
                environ["CONTENT_LENGTH"] = "1"
            else:
                environ["wsgi.input"] = io.BytesIO(body)
                environ["CONTENT_LENGTH"] = str(len(body))
        return handle(environ, start_response)

    return application


def without_body_of_head(handle: WSGI) -> WSGI:
    """Send no body in answer to HEAD. Django leaves that to the server, which complains of it."""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer = handle(environ, start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return answer
        if close := getattr(answer, "close", None):
            close()
        return ()

    return application


application = without_body_of_head(with_known_length(get_wsgi_application()))
