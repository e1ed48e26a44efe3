"""Reading what a request carries."""

from typing import Any

from rest_framework.request import Request
from rest_framework.serializers import Serializer


def read(kind: type[Serializer[Any]], request: Request, *, partial: bool = False) -> dict[str, Any]:
    """Check the body of a request, and return what it says.

    Args:
        kind: The serializer that knows what the body must be like.
        request: The request.
        partial: Whether fields may be missing, as in a PATCH.

    Raises:
        ValidationError: It is not like that.
    """
    serializer = kind(data=request.data, partial=partial)
    serializer.is_valid(raise_exception=True)
    data: dict[str, Any] = serializer.validated_data
    return data
