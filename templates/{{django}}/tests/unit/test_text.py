"""When two addresses are one."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.core.text import email_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada@example.com", "ADA@Example.COM"),
        ("ada@example.com", " ada@example.com\n"),
        # Composed, and as a letter with an accent.
        ("ada@ex\u00e4mple.com", "ada@exa\u0308mple.com"),
        ("ada@ex\u00e4mple.com", "ada@EX\u00c4MPLE.com"),
    ],
)
def test_addresses_that_mail_systems_take_for_one_are_one(one: str, other: str) -> None:
    assert email_key(one) == email_key(other)


@pytest.mark.parametrize("other", ["ada@example.org", "ad@example.com", "a.da@example.com"])
def test_others_are_not(other: str) -> None:
    assert email_key(other) != email_key("ada@example.com")


@given(some.text())
def test_a_key_is_its_own_key(text: str) -> None:
    assert email_key(email_key(text)) == email_key(text)
