"""Errors as responses: problem details (RFC 9457), in one shape for whatever went wrong.

REST framework hands all errors of its views to `exception_handler`; Django hands its own to the
functions at the end, which the project's `urls.py` names.
"""

import json
import logging
import math
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    PermissionDenied,
    RequestDataTooBig,
    ValidationError,
)
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.views import defaults
from rest_framework import exceptions
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from app.core.databases import is_unavailable
from app.core.errors import ApplicationError, FieldProblem
from app.core.validation import invalid_fields

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
MOST_PROBLEMS = 100
"""How many wrong fields are told at the most: a body may have any number."""

SERVER_FAULT = (
    "Something went wrong here. It has been logged under the request id of this response."
)
UNAVAILABLE = "The database does not answer. Try again in a moment."
BODY_TOO_LARGE = "The body of the request is too large."
BODY_UNREADABLE = "The body of the request cannot be read."
NOT_HERE = "There is nothing at this address."
BAD_REQUEST = "The request cannot be understood."
NOT_SIGNED_IN = "Sign in: the header Authorization is missing."
NOT_ALLOWED = "You may not do this."
UNKNOWN_METHOD = "This address does not know this method; the header Allow lists those it knows."
NOT_JSON = "Send the body as JSON in UTF-8, with the header Content-Type: application/json."

# Errors of REST framework and of Django, in our words: theirs may repeat what was sent.
_KNOWN: Mapping[type[Exception], tuple[int, str, str]] = {
    exceptions.NotAuthenticated: (401, NOT_SIGNED_IN, "not_authenticated"),
    exceptions.PermissionDenied: (403, NOT_ALLOWED, "permission_denied"),
    PermissionDenied: (403, NOT_ALLOWED, "permission_denied"),
    exceptions.NotFound: (404, NOT_HERE, "not_found"),
    Http404: (404, NOT_HERE, "not_found"),
    exceptions.MethodNotAllowed: (405, UNKNOWN_METHOD, "method_not_allowed"),
    exceptions.UnsupportedMediaType: (415, NOT_JSON, "unsupported_media_type"),
    RequestDataTooBig: (413, BODY_TOO_LARGE, "body_too_large"),
    UnreadablePostError: (400, BODY_UNREADABLE, "malformed"),
}
_HEADERS = {401: {"WWW-Authenticate": "Bearer"}}
# Older Pythons know these by names of older standards.
_TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}

_ADMIN = "/admin/"


def problem(
    status: int,
    detail: str,
    *,
    code: str,
    errors: Iterable[FieldProblem] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Make an error response.

    Args:
        status: The status.
        detail: A sentence that says what is wrong and, where it is not obvious, what to do.
        code: The same for programs.
        errors: What is wrong with each field.
        headers: Headers that the response needs.
    """
    body = {
        "type": "about:blank",
        "title": _TITLES.get(status) or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "errors": [{"field": each.field, "message": each.message} for each in errors],
    }
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    # A field can have half of a character for a name, if somebody sent it so.
    content = text.encode("utf-8", "replace")
    return HttpResponse(content, status=status, content_type=CONTENT_TYPE, headers=headers)


def exception_handler(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """Answer an error in a view of REST framework; what is nobody's error but ours is left."""
    if isinstance(error, exceptions.MethodNotAllowed):
        _name_methods(context["view"])
    if isinstance(error, ApplicationError):
        return _application_error(error)
    if isinstance(error, exceptions.ValidationError):
        return _application_error(invalid_fields(list(problems_of(error.detail))))
    if isinstance(error, ValidationError):
        return _application_error(invalid_fields(list(_django_problems(error))))
    for kind, (status, detail, code) in _KNOWN.items():
        if isinstance(error, kind):
            return problem(status, detail, code=code, headers=_HEADERS.get(status))
    if isinstance(error, exceptions.APIException):
        return _other_error(error)
    return unavailable(error) if is_unavailable(error) else None


def _name_methods(view: APIView) -> None:
    """Have the header Allow list the methods that a view knows; OPTIONS is for CORS alone."""
    view.headers["Allow"] = ", ".join(sorted({*view.allowed_methods} - {"OPTIONS"}))


def _application_error(error: ApplicationError) -> HttpResponse:
    return problem(
        error.status,
        error.message,
        code=error.code,
        errors=error.errors[:MOST_PROBLEMS],
        headers=error.headers,
    )


def _other_error(error: exceptions.APIException) -> HttpResponse:
    """Answer what REST framework, or a library upon it, has a status for."""
    headers = dict(_HEADERS.get(error.status_code, {}))
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(math.ceil(wait))
    return problem(error.status_code, str(error.detail), code=error.default_code, headers=headers)


def problems_of(detail: Any, place: str = "") -> Iterator[FieldProblem]:
    """Flatten what REST framework says about fields, and fields of fields.

    Args:
        detail: The detail of a `ValidationError`.
        place: Where it belongs; empty for the body as a whole.
    """
    if isinstance(detail, Mapping):
        for key, value in detail.items():
            whole = key == api_settings.NON_FIELD_ERRORS_KEY
            yield from problems_of(value, place if whole else _join(place, key))
    elif isinstance(detail, Sequence) and not isinstance(detail, str):
        for index, value in enumerate(detail):
            # Sentences belong to the whole list, everything else to one of its members.
            inside = place if isinstance(value, str) else _join(place, index)
            yield from problems_of(value, inside)
    else:
        yield FieldProblem(place, str(detail))


def _join(place: str, key: object) -> str:
    return f"{place}.{key}" if place else str(key)


def _django_problems(error: ValidationError) -> Iterator[FieldProblem]:
    if not hasattr(error, "error_dict"):
        yield from (FieldProblem("", message) for message in error.messages)
        return
    for field, messages in error.message_dict.items():
        place = "" if field == NON_FIELD_ERRORS else field
        yield from (FieldProblem(place, message) for message in messages)


def too_large() -> HttpResponse:
    """Answer a body that is larger than the setting `MAX_BODY_BYTES`."""
    return problem(413, BODY_TOO_LARGE, code="body_too_large")


def unavailable(error: BaseException) -> HttpResponse:
    """Answer that the database does not answer."""
    logger.warning("database unavailable", extra={"cause": str(error)})
    return problem(503, UNAVAILABLE, code="database_unavailable", headers={"Retry-After": "1"})


def server_fault(request: HttpRequest) -> HttpResponse:
    """Answer an error that nobody caught; the log has its traceback, the client has not."""
    logger.exception("unhandled error", extra={"path": request.path})  # noqa: LOG004 - it is in one
    return problem(500, SERVER_FAULT, code="server_error")


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what Django refuses before any view sees it, such as an unknown host."""
    if _is_page(request):
        return defaults.bad_request(request, exception)
    if isinstance(exception, RequestDataTooBig):
        return too_large()
    return problem(400, BAD_REQUEST, code="invalid")


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what is not allowed."""
    if _is_page(request):
        return defaults.permission_denied(request, exception)
    return problem(403, NOT_ALLOWED, code="permission_denied")


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an unknown address."""
    if _is_page(request):
        return defaults.page_not_found(request, exception)
    return problem(404, NOT_HERE, code="not_found")


def handler500(request: HttpRequest) -> HttpResponse:
    """Answer an error that nobody caught."""
    error = sys.exception()
    response = unavailable(error) if error and is_unavailable(error) else server_fault(request)
    return _as_page(response) if _is_page(request) else response


def _is_page(request: HttpRequest) -> bool:
    """Whether somebody looks at it in a browser: the admin is for people."""
    return request.path_info.startswith(_ADMIN)


def _as_page(response: HttpResponse) -> HttpResponse:
    detail = json.loads(response.content)["detail"]
    return HttpResponse(f"<h1>{detail}</h1>", status=response.status_code)
