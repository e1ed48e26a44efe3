"""Kinds of text that requests may carry. Whatever has one of these types is safe to store."""

from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field, StringConstraints

GREATEST_ID = 2**63 - 1


def _storable(value: str) -> str:
    """Refuse the one character that PostgreSQL cannot store."""
    if "\0" in value:
        raise ValueError("must not contain the character NUL")
    return value


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


Text = Annotated[str, AfterValidator(_storable)]
"""Any text that can be stored."""

Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, pattern=r"\S"),
    AfterValidator(_storable),
]
"""Text that says something, without the spaces around it. Add a length where it is used."""

Paragraphs = Annotated[
    str, StringConstraints(min_length=1, pattern=r"\S"), AfterValidator(_storable)
]
"""Text that says something, and is kept as it is: Markdown gives spaces at the start a meaning."""

Email = Annotated[str, Field(max_length=254), AfterValidator(_email)]
"""An e-mail address, in lower case."""

Identifier = Annotated[int, Field(ge=1, le=GREATEST_ID)]
"""A row's number, as it stands in a path."""
