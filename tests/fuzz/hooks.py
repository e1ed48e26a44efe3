"""Loaded by Schemathesis, in its process: one more check, and somebody who is signed in."""

import itertools
import os
from collections.abc import Mapping
from typing import Any

import schemathesis

from tests.accounts import sign_in
from tests.fuzz.rules import RULES

# Names that are the same on each run, like all that is sent.
NUMBERS = itertools.count(1)
SERVICE, URL = os.environ["FUZZED_SERVICE"], os.environ["FUZZED_URL"]


@schemathesis.check
def refused_by_a_known_rule(
    _context: schemathesis.CheckContext,
    response: schemathesis.Response,
    case: schemathesis.Case[Any],
) -> None:
    """A request that the document allows is refused for a reason that no document can state."""
    allowed = case.meta is not None and case.meta.generation.mode.is_positive
    if allowed and response.status_code in {400, 422}:
        text = response.text
        assert any(rule in text for rule in RULES.get(SERVICE, ())), (
            f"The document allows this request, and no known rule forbids it: {text}"
        )


if os.environ["FUZZED_AS"] == "somebody":
    # A header given once would soon be no good, for what is tried includes changing the password.
    # After an answer 401 Schemathesis asks for somebody else and tries again.
    @schemathesis.auth(refresh_interval=24 * 60 * 60, retry_on=[401])
    class SignedIn:
        """Somebody, whenever one is asked for."""

        def get(self, _case: object, _context: object) -> Mapping[str, str]:
            """The headers that show who it is."""
            return sign_in(SERVICE, URL, f"somebody-{next(NUMBERS)}")

        def set(
            self, case: schemathesis.Case[Any], data: Mapping[str, str], _context: object
        ) -> None:
            """Give a request these headers."""
            case.headers.update(data)
