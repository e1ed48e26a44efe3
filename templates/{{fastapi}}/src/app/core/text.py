"""Kinds of text that requests may carry. What is kept needs one of the rules here."""

import re
from dataclasses import dataclass
from typing import Annotated, Any

from email_validator import EmailNotValidError, validate_email
from pydantic import (
    AfterValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_after_validator_function

from app.core import patterns

GREATEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class TextRule:
    """What text must be like, beyond its length. Whoever sends other text is told in words.

    It goes last in an `Annotated`, after lengths: Pydantic would else count by other words.

    Args:
        pattern: For Python and for the OpenAPI document alike, so without what JavaScript lacks.
        message: What text has to be like, as the end of a sentence that begins with its place.
    """

    pattern: str
    message: str

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Check after all that was said before."""
        # In Python `$` also matches before a line break at the end.
        pattern = re.compile(re.sub(r"\$\Z", r"\\Z", self.pattern))

        def check(value: str) -> str:
            _check_storable(value)
            if not pattern.search(value):
                raise ValueError(self.message)
            return value

        return no_info_after_validator_function(check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Tell the pattern."""
        return {**handler(schema), "pattern": self.pattern}


def _check_storable(value: str) -> None:
    if "\0" in value:
        raise ValueError("must not contain the character NUL")
    try:
        value.encode()
    except UnicodeEncodeError:
        # JSON can escape one half of a pair ("\\ud83d"), which is no character.
        raise ValueError("must not contain half of a character") from None


STORABLE = TextRule(patterns.STORABLE, "must not contain the character NUL")
"""Text that the database can store: PostgreSQL has no room for that character."""

NOT_BLANK = TextRule(patterns.NOT_BLANK, "must not be blank")
"""Text that says something."""

ONE_LINE = TextRule(
    patterns.ONE_LINE, "must not be blank, nor contain line breaks or control characters"
)
"""Text that says something, on one line: it stands in lists, logs and mails as it is."""

NO_COMMA = TextRule(
    patterns.NO_COMMA, "must not be blank, nor contain commas, line breaks or control characters"
)
"""The same for a list that people separate by commas."""


def _email(value: str) -> str:
    try:
        return _normal_email(value)
    except EmailNotValidError as error:
        raise ValueError(f"is not an e-mail address. {error}") from None


def _normal_email(value: str) -> str:
    # Whether it takes mail is found out by sending some, not here. Names below `.test` are for
    # trying things out: RFC 2606.
    checked = validate_email(value, check_deliverability=False, test_environment=True)
    # Mail systems treat `Ada@example.com` and `ada@example.com` as one, so accounts must too.
    return checked.normalized.lower()


def email_key(value: str) -> str:
    """Write an address as it is compared, also where it is none: then nobody has it."""
    try:
        return _normal_email(value.strip())
    except EmailNotValidError:
        return value.strip().lower()


Email = Annotated[
    str,
    Field(min_length=3, max_length=254, json_schema_extra={"format": "email"}),
    AfterValidator(_email),
]
"""An e-mail address, as it is compared."""

Identifier = Annotated[int, Field(ge=1, le=GREATEST_ID)]
"""A row's number, as it stands in a path."""
