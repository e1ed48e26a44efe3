"""The error responses that a route documents."""

from typing import Any

from pydantic import BaseModel

UNREADABLE_BODY = (400, 413, 415, 422)
"""What any route that takes a body may answer."""

_DESCRIPTIONS = {
    400: "The body cannot be read",
    401: "Not signed in, or the token is not valid",
    403: "Not allowed",
    404: "Not found",
    409: "It does not go with what is there",
    412: "It has changed meanwhile",
    413: "The body is too large",
    415: "The body is not JSON",
    422: "Something in the request is wrong",
    428: "The header If-Match is missing",
    429: "Too many attempts",
    503: "The database does not answer",
}


def described(
    model: type[BaseModel], statuses: tuple[int, ...], *, media_type: str | None = None
) -> dict[int | str, dict[str, Any]]:
    """Describe error responses, for the `responses` of a route that uses the database.

    Args:
        model: What an error's body looks like.
        statuses: Which there are, beside that of a database that does not answer.
        media_type: The type of the body, if it is not `application/json`.
    """
    body: dict[str, Any] = {"model": model}
    if media_type:
        # FastAPI describes a model as JSON; the schema has to be told where it belongs.
        body = {
            "content": {media_type: {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}
        }
    return {status: {**body, "description": _DESCRIPTIONS[status]} for status in (*statuses, 503)}
