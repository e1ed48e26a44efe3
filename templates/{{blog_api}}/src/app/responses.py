"""The error responses that a route documents."""

from typing import Any

from pydantic import BaseModel, Field


class ErrorMessages(BaseModel):
    """What is wrong, a sentence for each."""

    body: list[str] = Field(examples=[["article.title: Field required"]])


class GenericError(BaseModel):
    """The body of every error response."""

    errors: ErrorMessages


_DESCRIPTIONS = {
    400: "The body cannot be read",
    401: "Not signed in, or the token is not valid",
    403: "Not allowed",
    404: "Not found",
    413: "The body is too large",
    422: "Something in the request is wrong",
    429: "Too many attempts",
    503: "The database does not answer",
}


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe error responses, for the `responses` of a route that uses the database."""
    return {
        status: {"model": GenericError, "description": _DESCRIPTIONS[status]}
        for status in (*statuses, 503)
    }


UNREADABLE_BODY = (400, 413, 422)
"""What any route that takes a body may answer."""
