"""Requests with something in them that cannot be."""

from app.core.errors import FieldProblem, InvalidError


def invalid_fields(*errors: FieldProblem) -> InvalidError:
    """Make the error that tells what is wrong with each field."""
    return InvalidError(
        "The request is not valid; `errors` says where.", code="invalid", errors=errors
    )
