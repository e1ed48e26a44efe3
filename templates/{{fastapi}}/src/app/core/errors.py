"""Errors that a client can do something about, and the one place where they become responses.

Code raises an `ApplicationError`; how it looks on the wire is the project's choice (`Render`).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette import status as http
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from app.core.passing import code_of, is_passing_code

Render = Callable[[int, Sequence[str]], Mapping[str, Any]]
"""Makes the body of an error response from its status and its messages."""

SERVER_FAULT = (
    "Something went wrong here. It has been logged under the request id of this response."
)
JSON = frozenset({"", "application/json"})
BODY_TOO_LARGE = "The body of the request is too large."
UNAVAILABLE = "The database does not answer. Try again in a moment."


class ApplicationError(Exception):
    """Something is wrong that the client can know about.

    Args:
        message: A sentence that says what is wrong and, where it is not obvious, what to do.
        headers: Headers that the response needs.
    """

    status: ClassVar[int]

    def __init__(self, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.headers = headers


class NotAuthenticatedError(ApplicationError):
    """It is not known who asks. The header says how to tell: RFC 9110, section 11.6.1."""

    status = http.HTTP_401_UNAUTHORIZED

    def __init__(self, message: str) -> None:
        super().__init__(message, {"WWW-Authenticate": "Bearer"})


class ForbiddenError(ApplicationError):
    """It is known who asks, and they may not."""

    status = http.HTTP_403_FORBIDDEN


class NotFoundError(ApplicationError):
    """There is no such thing, or the client may not know that there is."""

    status = http.HTTP_404_NOT_FOUND


class InvalidError(ApplicationError):
    """The request is well formed, and what it asks for cannot be."""

    status = http.HTTP_422_UNPROCESSABLE_CONTENT


class TooManyRequestsError(ApplicationError):
    """The client asks too often."""

    status = http.HTTP_429_TOO_MANY_REQUESTS

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message, {"Retry-After": str(retry_after)})


def install_error_handlers(app: FastAPI, render: Render) -> None:
    """Answer every error with a body made by `render`."""

    def respond(
        status: int, messages: Sequence[str], headers: Mapping[str, str] | None = None
    ) -> Response:
        return JSONResponse(render(status, messages), status, headers)

    async def application_error(_request: Request, error: ApplicationError) -> Response:
        return respond(error.status, [error.message], error.headers)

    async def http_error(request: Request, error: HTTPException) -> Response:
        headers = error.headers
        if error.status_code == http.HTTP_405_METHOD_NOT_ALLOWED:
            headers = {"Allow": _methods_at(request)}
        return respond(error.status_code, [_sentence(error)], headers)

    async def invalid_request(request: Request, error: RequestValidationError) -> Response:
        return respond(http.HTTP_422_UNPROCESSABLE_CONTENT, _problems(request, error))

    async def database_unavailable(_request: Request, error: Exception) -> Response:
        if not is_passing(error):
            raise error
        return respond(http.HTTP_503_SERVICE_UNAVAILABLE, [UNAVAILABLE], {"Retry-After": "1"})

    handlers: Mapping[type[Exception], Any] = {
        ApplicationError: application_error,
        HTTPException: http_error,
        RequestValidationError: invalid_request,
        DBAPIError: database_unavailable,
        PoolTimeoutError: database_unavailable,
        # Drivers let a refused or timed-out connection through as it is.
        ConnectionError: database_unavailable,
        TimeoutError: database_unavailable,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


def _methods_at(request: Request) -> str:
    """All methods of an address. Starlette names only those of the first route that it finds."""
    paths: Mapping[str, Mapping[str, Any]] = request.app.openapi()["paths"]
    here = request.url.path
    # An address that is written out goes before those with a placeholder, as OpenAPI has it.
    if here in paths:
        known = [paths[here]]
    else:
        known = [of for path, of in paths.items() if compile_path(path)[0].match(here)]
    return ", ".join(sorted({method.upper() for of in known for method in of})) or "GET"


def is_passing(error: Exception) -> bool:
    """Whether the database is at fault, and not the statement."""
    if not isinstance(error, DBAPIError):
        return True
    return error.connection_invalidated or is_passing_code(code_of(error.orig))


def _sentence(error: HTTPException) -> str:
    match error.status_code:
        case http.HTTP_404_NOT_FOUND:
            return "There is nothing at this address."
        case http.HTTP_405_METHOD_NOT_ALLOWED:
            return "This address does not know this method; the header Allow lists those it knows."
        case http.HTTP_413_CONTENT_TOO_LARGE:
            return BODY_TOO_LARGE
        case http.HTTP_400_BAD_REQUEST:
            return "The body of the request cannot be read: send JSON in UTF-8."
        case _:
            return error.detail


def _problems(request: Request, error: RequestValidationError) -> list[str]:
    """What is wrong, a line for each place; never what was sent, which may be secret or huge."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if any(problem["loc"] == ("body",) for problem in error.errors()) and kind not in JSON:
        # FastAPI takes such a body for text, and says that text is not an object.
        return ["Send the body as JSON, with the header Content-Type: application/json."]
    return [_problem(problem["type"], problem["loc"], problem["msg"]) for problem in error.errors()]


def _problem(kind: str, location: Sequence[int | str], message: str) -> str:
    if kind == "json_invalid":
        return f"The body is not valid JSON, at character {location[-1]}."
    place = ".".join(map(str, location[1:])) or str(location[0])
    return f"{place}: {message.removeprefix('Value error, ')}"
