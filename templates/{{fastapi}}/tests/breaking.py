"""Requests in which something is wrong, and what is said of it."""

import json
from collections.abc import Mapping
from typing import Any

from httpx2 import Response
from visitors import Json

from app.core.errors import FieldProblem
from app.core.problems import Problem, problem_of
from app.core.validation import invalid_fields
from app.responses import render_error

MISSING = "a field that is left out"

REQUIRED = "Field required"
STRING = "Input should be a valid string"
LIST = "Input should be a valid list"
OBJECT = "must be an object"
NUL = "must not contain the character NUL"
HALF = "must not contain half of a character"
BLANK = "must not be blank"
ONE_LINE = "must not be blank, nor contain line breaks or control characters"
NO_COMMA = "must not be blank, nor contain commas, line breaks or control characters"
NOT_AN_ADDRESS = "is not an e-mail address. An email address must have an @-sign."
INTEGER = "Input should be a valid integer, unable to parse string as an integer"
TOO_MANY_DIGITS = "Unable to parse input string as an integer, exceeded maximum size"
NOT_POSITIVE = "Input should be greater than or equal to 1"

Answer = tuple[int, str]
"""The status of an answer, and its body."""


def longest(characters: int) -> str:
    """What is said of text that is too long."""
    return f"String should have at most {characters} characters"


def shortest(characters: int) -> str:
    """What is said of text that is too short."""
    return f"String should have at least {characters} character{'s' if characters > 1 else ''}"


def broken(right: Mapping[str, Any], field: str, value: Json) -> dict[str, Any]:
    """A body in which one field is another, or is `MISSING`."""
    body = {**right, field: value}
    if value == MISSING:
        del body[field]
    return body


def escaped(body: Json) -> dict[str, Any]:
    """What is sent of a body in which there may be half a character, which JSON can name."""
    return {"content": json.dumps(body), "headers": {"Content-Type": "application/json"}}


def answered(response: Response) -> Answer:
    """What was answered."""
    return response.status_code, response.text


def answer(problem: Problem) -> Answer:
    """What is answered to a problem."""
    response = render_error(problem)
    return int(response.status_code), bytes(response.body).decode()


def invalid(*messages: str) -> Answer:
    """What is answered where fields are not valid.

    Args:
        *messages: What is said of each, such as `title: Field required`.
    """
    parts = [message.partition(": ") for message in messages]
    error = invalid_fields(*(FieldProblem(field, text) for field, _, text in parts))
    return answer(problem_of(error))
