"""Requests that cannot be understood, or have something in them that cannot be."""

from collections.abc import Sequence
from http import HTTPStatus

from app.core.errors import ApplicationError, FieldProblem


class BadRequestError(ApplicationError):
    """The request cannot be understood, or has something in it that cannot be."""

    status = HTTPStatus.BAD_REQUEST
    code = "invalid"


def invalid_fields(errors: Sequence[FieldProblem]) -> BadRequestError:
    """Make the error that tells what is wrong with each field."""
    return BadRequestError("The request is not valid; `errors` says where.", errors=errors)
