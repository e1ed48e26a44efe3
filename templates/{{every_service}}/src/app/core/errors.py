"""Errors that a client can do something about.

Code raises an `ApplicationError`; `problems.py` is the one place where errors become responses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field.

    Attributes:
        field: Its place in the body, such as `lines.0.quantity`; empty for the body as a whole.
        message: What it must be like.
    """

    field: str
    message: str


class ApplicationError(Exception):
    """Something is wrong that the client can know about.

    Args:
        message: A sentence that says what is wrong and, where it is not obvious, what to do.
        code: The same for programs: a word that stays when the sentence is written anew.
        errors: What is wrong with each field.
        headers: Headers that the response needs.
    """

    status: ClassVar[int]
    code: str

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.errors = tuple(errors)
        self.headers = dict(headers or {})


class NotAuthenticatedError(ApplicationError):
    """It is not known who asks. The header says how to tell: RFC 9110, section 11.6.1."""

    status = HTTPStatus.UNAUTHORIZED
    code = "not_authenticated"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message, code=code, headers={"WWW-Authenticate": "Bearer"})


class ForbiddenError(ApplicationError):
    """It is known who asks, and they may not."""

    status = HTTPStatus.FORBIDDEN
    code = "permission_denied"


class NotFoundError(ApplicationError):
    """There is no such thing, or the client may not know that there is."""

    status = HTTPStatus.NOT_FOUND
    code = "not_found"


class ConflictError(ApplicationError):
    """What is asked for does not go with what is there; another time it may."""

    status = HTTPStatus.CONFLICT
    code = "conflict"


class InvalidError(ApplicationError):
    """The request is well formed, and what it asks for cannot be."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "unprocessable"


class TooManyRequestsError(ApplicationError):
    """The client asks too often.

    Args:
        message: A sentence that says so.
        retry_after: After how many seconds it may ask again.
        code: The same for programs.
    """

    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "too_many_requests"

    def __init__(self, message: str, *, retry_after: int, code: str | None = None) -> None:
        super().__init__(message, code=code, headers={"Retry-After": str(retry_after)})
