"""Kinds of text that requests may carry. Whatever has one of these types is safe to store."""

import re
from dataclasses import dataclass
from typing import Annotated, Any

from email_validator import EmailNotValidError, validate_email
from pydantic import (
    AfterValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_after_validator_function

GREATEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Matches:
    """Text must match a regular expression, and whoever sends other text is told in words.

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
            if not pattern.search(value):
                raise ValueError(self.message)
            return value

        return no_info_after_validator_function(check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Tell the pattern."""
        return {**handler(schema), "pattern": self.pattern}


def _email(value: str) -> str:
    """Check an address's form, and write it as it is compared.

    Mail systems treat `Ada@example.com` and `ada@example.com` as one, so accounts must too.
    """
    try:
        # Whether it takes mail is found out by sending some, not here. Names below `.test` are for
        # trying things out: RFC 2606.
        checked = validate_email(value, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValueError(f"is not an e-mail address. {error}") from None
    return checked.normalized.lower()


Text = Annotated[str, Matches(r"^[^\x00]*$", "must not contain the character NUL")]
"""Any text that can be stored: PostgreSQL has no room for that character."""

_SPACE = r"\s\x1c-\x1f\x85\ufeff"  # what Python, Rust or JavaScript takes for a space
NOT_BLANK = Matches(rf"^[^\x00]*[^\x00{_SPACE}][^\x00]*$", "must not be blank")

Line = Annotated[Text, StringConstraints(strip_whitespace=True), NOT_BLANK]
"""Text that says something, without the spaces around it. Add a length where it is used."""

Paragraphs = Annotated[Text, NOT_BLANK]
"""Text that says something, and is kept as it is: Markdown gives spaces at the start a meaning."""

Word = Annotated[
    Text,
    StringConstraints(strip_whitespace=True),
    NOT_BLANK,
    Matches(rf"^[^\x00,]*[^\x00,{_SPACE}][^\x00,]*$", "must not contain a comma"),
]
"""Text for a list that people separate by commas."""

Email = Annotated[
    str,
    Field(min_length=3, max_length=254, json_schema_extra={"format": "email"}),
    AfterValidator(_email),
]
"""An e-mail address, in lower case."""

Identifier = Annotated[int, Field(ge=1, le=GREATEST_ID)]
"""A row's number, as it stands in a path."""
