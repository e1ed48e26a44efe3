"""The header Idempotency-Key: the client's name for one attempt to buy.

As in https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header: 400 where it is
missing, 422 where it comes again with another request.
"""

import re

from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from app.orders.models import KEY_LENGTH

HEADER = "Idempotency-Key"
PATTERN = rf"^[A-Za-z0-9_.:-]{{1,{KEY_LENGTH}}}$"
_FORM = re.compile(PATTERN.replace("$", r"\Z"))

KEY = OpenApiParameter(
    HEADER,
    {"type": "string", "pattern": PATTERN},
    OpenApiParameter.HEADER,
    required=True,
    description="The same for each repetition of one checkout, and new for the next: a UUID, say.",
)


def key_of(request: Request) -> str:
    """Read the header.

    Raises:
        ValidationError: It is missing, or has characters or a length that it may not have.
    """
    key = request.headers.get(HEADER, "")
    if _FORM.match(key):
        return key
    raise ValidationError(
        {HEADER: [f"must be a header of 1 to {KEY_LENGTH} letters, digits or -_.: such as a UUID"]}
    )
