"""The OpenAPI document: what drf-spectacular finds out by itself, and what it cannot.

Views say with `errors(409)` which errors of their own they have. Those that come with a body, with
a path, or with signing in are added here.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse
from rest_framework.permissions import SAFE_METHODS

from app.core.fields import TextField
from app.core.problems import CONTENT_TYPE

_DESCRIPTIONS = {
    400: "The request is not valid",
    401: "Not signed in, or the token is not valid",
    403: "Not allowed",
    404: "Not found",
    409: "It does not go with what is there",
    413: "The body is too large",
    415: "The body is not JSON",
    422: "It is understood, and cannot be done",
    429: "Too many requests",
    503: "The database does not answer",
}
_RETRY_AFTER = {
    "Retry-After": {
        "description": "After how many seconds to try again",
        "schema": {"type": "integer", "minimum": 1},
    }
}
_HEADERS: Mapping[str, Any] = {
    "401": {
        "WWW-Authenticate": {
            "description": "How to sign in: RFC 9110, section 11.6.1",
            "schema": {"type": "string"},
        }
    },
    "429": _RETRY_AFTER,
    "503": _RETRY_AFTER,
}


_TEXT = {"type": "string"}
_PROBLEM = {
    "type": "object",
    "description": "What is wrong: problem details, RFC 9457.",
    "required": ["type", "title", "status", "detail", "code", "errors"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": {**_TEXT, "description": "A sentence that can be shown."},
        "code": {**_TEXT, "description": "The same for programs."},
        "errors": {
            "type": "array",
            "description": "What is wrong with each field.",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {
                    "field": {
                        **_TEXT,
                        "description": "Its place, such as `lines.0.quantity`; empty for the"
                        " body as a whole.",
                    },
                    "message": _TEXT,
                },
            },
        },
    },
}
_REFERENCE = {"$ref": "#/components/schemas/Problem"}


def errors(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    """Describe error responses, for the `responses` of `extend_schema`."""
    return {
        (status, CONTENT_TYPE): OpenApiResponse(_REFERENCE, _DESCRIPTIONS[status])
        for status in statuses
    }


class Schema(AutoSchema):
    """Describes a view."""

    def get_operation(self, *arguments: Any, **options: Any) -> Any:
        """Describe one method of it, with the errors that it can answer."""
        operation = super().get_operation(*arguments, **options)
        if operation is None:
            return None
        for status in self._usual_errors(operation):
            operation["responses"].setdefault(str(status), _described(status))
        for status, response in operation["responses"].items():
            if status in _HEADERS:
                response.setdefault("headers", {}).update(_HEADERS[status])
        operation["responses"] = dict(sorted(operation["responses"].items()))
        return operation

    def _usual_errors(self, operation: Mapping[str, Any]) -> list[int]:
        statuses = []
        places = {parameter["in"] for parameter in operation.get("parameters", ())}
        if "requestBody" in operation:
            statuses += [400, 413, 415]
        if places & {"query", "header"}:
            statuses.append(400)
        if "path" in places:
            statuses.append(404)
        if any(operation.get("security", ())):
            statuses.append(401)
        if getattr(self.view, "uses_database", True):
            statuses.append(503)
        return statuses

    def get_auth(self) -> list[dict[str, Any]]:
        """Say who has to sign in; the library knows only its own permissions that let all read."""
        found: list[dict[str, Any]] = super().get_auth()
        readable = any(
            getattr(permission, "everybody_reads", False)
            for permission in self.view.get_permissions()
        )
        return [*found, {}] if readable and self.method in SAFE_METHODS else found

    def get_tags(self) -> list[str]:
        """Put operations together by application: `app.orders.views` makes `Orders`."""
        return [type(self.view).__module__.split(".")[1].capitalize()]

    def get_operation_id(self) -> str:
        """Name an operation by what is done and to what: `list_products`, `update_account`."""
        words = [word.replace("-", "_") for word in self._tokenize_path()]
        listed = self.method == "GET" and self._is_list_view()
        action = "list" if listed else self.method_mapping[self.method.lower()]
        return "_".join([action.removeprefix("partial_"), *words])

    def _insert_field_validators(self, field: Any, schema: dict[str, Any]) -> None:
        super()._insert_field_validators(field, schema)  # type: ignore[no-untyped-call]
        if isinstance(field, TextField) and "oneOf" in schema:
            # It says once more that text may be empty, as another kind of text, so it would be both
            # and neither.
            schema.update(schema.pop("oneOf")[0])


def _described(status: int) -> dict[str, Any]:
    content = {CONTENT_TYPE: {"schema": _REFERENCE}}
    return {"content": content, "description": _DESCRIPTIONS[status]}


def complete(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Add what belongs to the document as a whole."""
    result["components"].setdefault("schemas", {})["Problem"] = _PROBLEM
    result["paths"] = dict(sorted(result["paths"].items()))
    return result


@cache
def document() -> str:
    """The document, as text. It is made once for each process: that takes a while."""
    generator: Any = SchemaGenerator  # it has no types
    found = generator().get_schema(request=None, public=True)
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"
