"""Errors on the wire: problem details, as RFC 9457 has them."""

import json
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from pydantic import BaseModel, Field

from app.core.problems import Problem
from app.core.responses import described

MEDIA_TYPE = "application/problem+json"
# Older Pythons know these by names of older standards.
_TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}


class FieldError(BaseModel):
    """What is wrong with one field."""

    field: str = Field(description="Its place in the request.", examples=["title"])
    message: str


class ProblemDetails(BaseModel):
    """The body of every error response: RFC 9457, with two members of our own."""

    type: str = Field(description="Always `about:blank`: `code` tells problems apart.")
    title: str = Field(description="The name of the status.")
    status: int
    detail: str = Field(description="A sentence that says what is wrong.")
    code: str = Field(description="A word for programs, which stays when the sentence changes.")
    errors: list[FieldError] = Field(description="What is wrong with each field.")


def render_error(problem: Problem) -> Response:
    """Make an error response."""
    body = {
        "type": "about:blank",
        "title": _TITLES.get(problem.status) or HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        "errors": [{"field": each.field, "message": each.message} for each in problem.errors],
    }
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    # A field can have half of a character for a name, if somebody sent it so.
    return Response(text.encode("utf-8", "replace"), problem.status, media_type=MEDIA_TYPE)


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe error responses, for the `responses` of a route that uses the database."""
    return described(ProblemDetails, statuses, media_type=MEDIA_TYPE)


LOCATION: dict[str, Any] = {
    "Location": {"description": "The address of what was made.", "schema": {"type": "string"}}
}
"""The `headers` of a response whose route calls `locate`."""


def locate(request: Request, response: Response, route: str, **place: Any) -> None:
    """Say where that is which a request has made: RFC 9110, section 10.2.2.

    Args:
        request: The request.
        response: The response, which gets the header.
        route: The name of a route at that address.
        **place: What the route's path has placeholders for.
    """
    response.headers["Location"] = request.url_for(route, **place).path


def describe_problems(app: FastAPI) -> None:
    """Have the OpenAPI document say what `errors` refers to.

    FastAPI describes models of responses in JSON only, and this type is another.
    """
    make = app.openapi

    def openapi() -> dict[str, Any]:
        document = make()
        schema = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
        document["components"]["schemas"] |= {**schema.pop("$defs"), "ProblemDetails": schema}
        return document

    app.openapi = openapi  # type: ignore[method-assign]
