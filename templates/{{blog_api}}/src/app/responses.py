"""Errors on the wire, as the RealWorld specification has them."""

from typing import Any

from fastapi import Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from app.core.problems import Problem
from app.core.responses import described


class ErrorMessages(BaseModel):
    """What is wrong, a sentence for each."""

    body: list[str] = Field(examples=[["article.title: Field required"]])


class GenericError(BaseModel):
    """The body of every error response."""

    errors: ErrorMessages


def render_error(problem: Problem) -> Response:
    """Make an error response: what is wrong with each field, or the one sentence that there is."""
    messages = [f"{each.field}: {each.message}" for each in problem.errors] or [problem.detail]
    return JSONResponse({"errors": {"body": messages}}, problem.status)


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe error responses, for the `responses` of a route that uses the database."""
    return described(GenericError, statuses)
