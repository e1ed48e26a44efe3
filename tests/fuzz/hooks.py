"""Loaded by Schemathesis, in its process: every request is that of somebody who is signed in.

A header given once would soon be no good, for what is tried includes changing the password. After
an answer 401 Schemathesis asks for another account and tries again.
"""

import os
from collections.abc import Mapping
from typing import Any

import schemathesis

from tests.accounts import sign_up


@schemathesis.auth(refresh_interval=24 * 60 * 60, retry_on=[401])
class SignedIn:
    """A new account, whenever one is asked for."""

    def get(self, _case: object, _context: object) -> Mapping[str, str]:
        """The headers that show it."""
        return sign_up(os.environ["FUZZED_SERVICE"], os.environ["FUZZED_URL"])

    def set(self, case: schemathesis.Case[Any], data: Mapping[str, str], _context: object) -> None:
        """Give a request these headers."""
        case.headers.update(data)
