"""Errors as problem details: places of fields, what is told, and what is kept to oneself."""

import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError
from django.http import Http404, HttpResponse, UnreadablePostError
from rest_framework import exceptions, serializers
from rest_framework.exceptions import ErrorDetail

from app.core.errors import ConflictError, FieldProblem, TooManyRequestsError
from app.core.problems import MOST_PROBLEMS, exception_handler, problems_of


def answered(error: Exception) -> HttpResponse:
    response = exception_handler(error, {})
    assert response is not None
    return response


def flattened(detail: Any) -> list[tuple[str, str]]:
    return [(problem.field, problem.message) for problem in problems_of(detail)]


@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        ("wrong", [("", "wrong")]),
        (["one", "two"], [("", "one"), ("", "two")]),
        ({"name": ["one", "two"]}, [("name", "one"), ("name", "two")]),
        ({"non_field_errors": ["together"]}, [("", "together")]),
        (
            {"address": {"city": ["one"], "non_field_errors": ["two"]}},
            [("address.city", "one"), ("address", "two")],
        ),
        (
            {"lines": [{}, {"quantity": ["one"]}]},
            [("lines.1.quantity", "one")],
        ),
        ({"tags": {0: ["one"], 2: ["two"]}}, [("tags.0", "one"), ("tags.2", "two")]),
        ([{"name": ["one"]}], [("0.name", "one")]),
        ({"lines": ["must not be empty"]}, [("lines", "must not be empty")]),
        ({}, []),
    ],
)
def test_places_are_written_with_dots(detail: Any, expected: list[tuple[str, str]]) -> None:
    assert flattened(detail) == expected


class Line(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(["a", "b"])
    sku = serializers.UUIDField()
    tags = serializers.ListField(child=serializers.IntegerField())
    more = serializers.DictField()


class Order(serializers.Serializer[Any]):
    lines = Line(many=True)


def test_a_real_serializer_is_told_field_by_field_and_without_what_was_sent() -> None:
    sent = {"kind": "hunter2", "sku": "hunter2", "tags": ["hunter2"], "more": "hunter2"}
    serializer = Order(data={"lines": [sent, "hunter2", {**sent, "tags": "hunter2"}]})
    assert not serializer.is_valid()
    response = answered(exceptions.ValidationError(serializer.errors))
    told = json.loads(response.content)["errors"]
    assert [(each["field"], each["message"]) for each in told] == [
        ("lines.0.kind", "must be one of the values that are documented"),
        ("lines.0.sku", "must be a UUID"),
        ("lines.0.tags.0", "A valid integer is required."),
        ("lines.0.more", "must be an object"),
        ("lines.1", "must be an object"),
        ("lines.2.kind", "must be one of the values that are documented"),
        ("lines.2.sku", "must be a UUID"),
        ("lines.2.tags", "must be a list"),
        ("lines.2.more", "must be an object"),
    ]


def test_not_more_is_told_than_anybody_can_read() -> None:
    detail = {str(number): ["wrong"] for number in range(MOST_PROBLEMS * 10)}
    response = answered(exceptions.ValidationError(detail))
    assert len(json.loads(response.content)["errors"]) == MOST_PROBLEMS


def test_a_field_may_have_half_of_a_character_for_a_name() -> None:
    response = answered(exceptions.ValidationError({"\ud83d": ["wrong"]}))
    assert json.loads(response.content)["errors"] == [{"field": "?", "message": "wrong"}]


KNOWN: dict[str, tuple[Exception, int, str]] = {
    "ours": (ConflictError("No.", code="sold_out"), 409, "sold_out"),
    "ours, without a code": (ConflictError("No."), 409, "conflict"),
    "a wait": (TooManyRequestsError("No.", retry_after=3), 429, "too_many_requests"),
    "not signed in": (exceptions.NotAuthenticated(), 401, "not_authenticated"),
    "not let in": (exceptions.AuthenticationFailed(), 401, "authentication_failed"),
    "not allowed": (exceptions.PermissionDenied(), 403, "permission_denied"),
    "not allowed by Django": (PermissionDenied(), 403, "permission_denied"),
    "not found": (exceptions.NotFound(), 404, "not_found"),
    "not found by Django": (Http404(), 404, "not_found"),
    "other media": (exceptions.UnsupportedMediaType("x"), 415, "unsupported_media_type"),
    "a broken body": (UnreadablePostError(), 400, "malformed"),
    "no JSON": (exceptions.ParseError(), 400, "parse_error"),
    "throttled": (exceptions.Throttled(wait=2.5), 429, "throttled"),
    "a model": (ValidationError({"name": ["wrong"]}), 400, "invalid"),
    "a database": (OperationalError("gone"), 503, "database_unavailable"),
}


@pytest.mark.parametrize(("error", "status", "code"), KNOWN.values(), ids=KNOWN)
def test_each_error_has_a_status_and_a_code(error: Exception, status: int, code: str) -> None:
    response = answered(error)
    body = json.loads(response.content)
    assert (response.status_code, body["status"], body["code"]) == (status, status, code)
    assert response.headers["content-type"] == "application/problem+json"
    assert ("WWW-Authenticate" in response.headers) == (status == 401)
    assert ("Retry-After" in response.headers) == (status in {429, 503})


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ValidationError("wrong"), [("", "wrong")]),
        (ValidationError(["one", "two"]), [("", "one"), ("", "two")]),
        (
            ValidationError({"name": ["one"], "__all__": ["two"]}),
            [("name", "one"), ("", "two")],
        ),
        (
            ValidationError("at most %(limit)s", params={"limit": 5}),
            [("", "at most 5")],
        ),
    ],
)
def test_what_models_refuse_is_told_by_field(
    error: ValidationError, expected: list[tuple[str, str]]
) -> None:
    told = json.loads(answered(error).content)["errors"]
    assert [(each["field"], each["message"]) for each in told] == expected


def test_what_nobody_knows_is_left_to_the_last_resort() -> None:
    assert exception_handler(RuntimeError(), {}) is None


def test_an_error_of_ours_tells_its_fields() -> None:
    error = ConflictError("No.", errors=[FieldProblem("lines.0", "is sold out")])
    assert json.loads(answered(error).content)["errors"] == [
        {"field": "lines.0", "message": "is sold out"}
    ]


def test_details_of_a_word_alone_are_sentences() -> None:
    assert flattened(ErrorDetail("wrong", code="x")) == [("", "wrong")]
