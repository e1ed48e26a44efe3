"""Versions of things: nobody overwrites what they have not seen.

A response has the version as its `ETag`; a change names the version that it is about in `If-Match`
(RFC 9110, section 13.1.1), and has no effect on any other.
"""

import re
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Request

from app.core.errors import ApplicationError, FieldProblem
from app.core.validation import invalid_fields

IF_MATCH: dict[str, Any] = {
    "parameters": [
        {
            "name": "If-Match",
            "in": "header",
            "required": True,
            "description": 'The ETag of what was seen, such as `"3"`; `*` for whatever is there.',
            "schema": {"type": "string"},
            "example": '"3"',
        }
    ]
}
"""`openapi_extra` of routes that take `Expected`."""

CHANGED = (
    "It has changed since you read it. Read it again, and see whether you still want to change it."
)

# RFC 9110, section 8.8.3.
_TAG = re.compile(r'(?:W/)?"[!#-~\x80-\xff]*"')
_TAGS = re.compile(rf"[ \t,]*{_TAG.pattern}(?:[ \t]*,[ \t,]*{_TAG.pattern})*[ \t,]*")


class StaleError(ApplicationError):
    """The thing has changed since the client saw it: RFC 9110, section 13.1.1."""

    status = HTTPStatus.PRECONDITION_FAILED
    code = "stale"


class PreconditionRequiredError(ApplicationError):
    """The request does not say which version it is about: RFC 6585, section 3."""

    status = HTTPStatus.PRECONDITION_REQUIRED
    code = "precondition_required"


class Expected:
    """The versions of which a request says that it may change them.

    Args:
        header: The header If-Match.

    Raises:
        InvalidError: It is not a list of entity tags.
    """

    def __init__(self, header: str) -> None:
        self._tags = _read_tags(header)

    def check(self, version: int) -> None:
        """Go on only with a version that is expected.

        Tags that are weak, or none of ours, match nothing.

        Raises:
            StaleError: It is another.
        """
        current = etag(version)
        if self._tags & {"*", current}:
            return
        message = CHANGED
        if f"W/{current}" in self._tags:
            message = f"The ETag is weak, and a weak one does not do here. Send {current} instead."
        raise StaleError(message, headers={"ETag": current})


def etag(version: int) -> str:
    """The entity tag of a version."""
    return f'"{version}"'


def _read_tags(header: str) -> frozenset[str]:
    """Take a list of entity tags apart. As in all lists of RFC 9110, some may be empty."""
    if header.strip() == "*":
        return frozenset("*")
    if not _TAGS.fullmatch(header):
        raise invalid_fields(
            FieldProblem("If-Match", 'must be an ETag with its quotes, such as "3", or *')
        )
    return frozenset(_TAG.findall(header))


async def _expected(request: Request) -> Expected:
    if not (headers := request.headers.getlist("if-match")):
        raise PreconditionRequiredError(
            "Say which version you want to change: send its ETag in the header If-Match."
        )
    return Expected(",".join(headers))


ExpectedDep = Annotated[Expected, Depends(_expected)]
