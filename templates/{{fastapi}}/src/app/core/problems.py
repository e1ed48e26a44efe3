"""The one place where errors become responses.

Each is answered with a `Problem`, whose look on the wire is the project's choice (`Render`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette import status as http
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from app.core.errors import ApplicationError, FieldProblem
from app.core.passing import code_of, is_passing_code
from app.core.validation import invalid_fields

JSON = frozenset({"", "application/json"})
MOST_FIELD_PROBLEMS = 100
"""How many wrong fields are told at the most: a body may have any number."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What an error response says.

    Attributes:
        status: The status.
        detail: A sentence that says what is wrong and, where it is not obvious, what to do.
        code: The same for programs: a word that stays when the sentence is written anew.
        errors: What is wrong with each field.
    """

    status: int
    detail: str
    code: str
    errors: tuple[FieldProblem, ...] = ()


Render = Callable[[Problem], Response]
"""Makes the response that tells a problem."""

SERVER_FAULT = Problem(
    http.HTTP_500_INTERNAL_SERVER_ERROR,
    "Something went wrong here. It has been logged under the request id of this response.",
    "server_error",
)
UNAVAILABLE = Problem(
    http.HTTP_503_SERVICE_UNAVAILABLE,
    "The database does not answer. Try again in a moment.",
    "database_unavailable",
)
BODY_TOO_LARGE = Problem(
    http.HTTP_413_CONTENT_TOO_LARGE, "The body of the request is too large.", "body_too_large"
)
BODY_UNREADABLE = Problem(
    http.HTTP_400_BAD_REQUEST,
    "The body of the request cannot be read: send JSON in UTF-8.",
    "malformed",
)
NOT_HERE = Problem(http.HTTP_404_NOT_FOUND, "There is nothing at this address.", "not_found")
UNKNOWN_METHOD = Problem(
    http.HTTP_405_METHOD_NOT_ALLOWED,
    "This address does not know this method; the header Allow lists those it knows.",
    "method_not_allowed",
)
NOT_JSON = Problem(
    http.HTTP_415_UNSUPPORTED_MEDIA_TYPE,
    "Send the body as JSON, with the header Content-Type: application/json.",
    "unsupported_media_type",
)
# What Starlette and FastAPI raise themselves, in our words.
_KNOWN = {each.status: each for each in (BODY_TOO_LARGE, BODY_UNREADABLE, NOT_HERE, UNKNOWN_METHOD)}
# What Pydantic says in the words of those who write Python.
_IN_OUR_WORDS = {
    "extra_forbidden": "is not known here",
    "model_attributes_type": "must be an object",
    "string_unicode": "must not contain half of a character",
}


def problem_of(error: ApplicationError) -> Problem:
    """What the response to an error says."""
    # The number: a log would write a status of the standard library with its name and brackets.
    return Problem(int(error.status), error.message, error.code, error.errors)


def install_error_handlers(app: FastAPI, render: Render) -> None:
    """Answer every error with what `render` makes of it."""

    def respond(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
        response = render(problem)
        response.headers.update(headers or {})
        return response

    async def application_error(_request: Request, error: ApplicationError) -> Response:
        return respond(problem_of(error), error.headers)

    async def http_error(request: Request, error: HTTPException) -> Response:
        headers = error.headers
        if error.status_code == http.HTTP_405_METHOD_NOT_ALLOWED:
            headers = {"Allow": _methods_at(request)}
        other = Problem(error.status_code, error.detail, "http_error")
        return respond(_KNOWN.get(error.status_code, other), headers)

    async def invalid_request(request: Request, error: RequestValidationError) -> Response:
        return respond(_problem(request, error))

    async def database_unavailable(_request: Request, error: Exception) -> Response:
        if not is_passing(error):
            raise error
        return respond(UNAVAILABLE, {"Retry-After": "1"})

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


def cause_of(error: Exception) -> str:
    """What went wrong with the database, in the driver's words and without the statement."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    # What took too long has no words of its own.
    return str(cause) or repr(cause)


def is_passing(error: Exception) -> bool:
    """Whether the database is at fault, and not the statement."""
    if not isinstance(error, DBAPIError):
        return True
    return error.connection_invalidated or is_passing_code(code_of(error.orig))


def _problem(request: Request, error: RequestValidationError) -> Problem:
    """What is wrong, place by place; never what was sent, which may be secret or huge."""
    found = error.errors()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if any(each["loc"] == ("body",) for each in found) and kind not in JSON:
        # FastAPI takes such a body for text, and says that text is not an object.
        return NOT_JSON
    for each in found:
        if each["type"] == "json_invalid":
            sentence = f"The body is not valid JSON, at character {each['loc'][-1]}."
            return Problem(BODY_UNREADABLE.status, sentence, BODY_UNREADABLE.code)
    told = found[:MOST_FIELD_PROBLEMS]
    return problem_of(invalid_fields(*map(_field_problem, told)))


def _field_problem(error: Mapping[str, Any]) -> FieldProblem:
    location: Sequence[int | str] = error["loc"]
    place = ".".join(map(str, location[1:])) or str(location[0])
    message = _IN_OUR_WORDS.get(error["type"]) or error["msg"].removeprefix("Value error, ")
    return FieldProblem(place, message)
