"""Pagination: a part of a list, of bounded size."""

from collections.abc import Mapping
from typing import Any

from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from app.core.errors import FieldProblem
from app.core.validation import invalid_fields

DEFAULT_LIMIT = 20
LONGEST = 100
"""The most items in one answer, however many were asked for."""
INT32 = 2**31 - 1


class Pagination(BasePagination):
    """`limit` and `offset`: how many to return, and how many to skip.

    REST framework's own takes a value that is no number for none at all; here it is an error.
    """

    count: int
    parameters = frozenset({"limit", "offset"})

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any]:
        """Return the part that was asked for."""
        del view
        problems: list[FieldProblem] = []
        limit = _number(request, "limit", DEFAULT_LIMIT, 1, problems)
        offset = _number(request, "offset", 0, 0, problems)
        if problems:
            raise invalid_fields(problems)
        self.count = queryset.count()
        # What begins behind the end need not be looked for.
        return list(queryset[offset : offset + min(limit, LONGEST)]) if offset < self.count else []

    def get_paginated_response(self, data: Any) -> Response:
        """Make the body."""
        return Response({"count": self.count, "results": data})

    def get_paginated_response_schema(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """Describe the body in the OpenAPI document; `schema` is that of a whole list."""
        return {
            "type": "object",
            "required": ["count", "results"],
            "properties": {
                "count": {
                    "type": "integer",
                    "minimum": 0,
                    "description": "How many there are in all.",
                },
                "results": {**schema, "maxItems": LONGEST},
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[Any]:
        """Describe the parameters in the OpenAPI document."""
        del view
        return [
            _parameter("limit", DEFAULT_LIMIT, 1, f"How many to return; {LONGEST} at the most."),
            _parameter("offset", 0, 0, "How many to skip."),
        ]


def _number(
    request: Request, name: str, default: int, least: int, problems: list[FieldProblem]
) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    # `isdecimal` alone would let digits of other scripts pass.
    number = (
        int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(INT32)) else -1
    )
    if not least <= number <= INT32:
        problems.append(FieldProblem(name, f"must be a whole number from {least} to {INT32}"))
    return number


def _parameter(name: str, default: int, least: int, description: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": {
            "type": "integer",
            "format": "int32",
            "minimum": least,
            "maximum": INT32,
            "default": default,
        },
    }
