"""Errors of requests that would be right at another time, or for another version of a thing."""

from starlette import status as http

from app.core.errors import ApplicationError


class ConflictError(ApplicationError):
    """What is asked for does not go with what is there; another time it may."""

    status = http.HTTP_409_CONFLICT
    code = "conflict"


class StaleError(ApplicationError):
    """The thing has changed since the client saw it: RFC 9110, section 13.1.1."""

    status = http.HTTP_412_PRECONDITION_FAILED
    code = "stale"


class PreconditionRequiredError(ApplicationError):
    """The request does not say which version it is about: RFC 6585, section 3."""

    status = http.HTTP_428_PRECONDITION_REQUIRED
    code = "precondition_required"
