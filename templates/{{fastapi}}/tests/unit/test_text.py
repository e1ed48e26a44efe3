"""Kinds of text: what is taken, how it is kept, and what is said of the rest."""

import re
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import StringConstraints, TypeAdapter, ValidationError

from app.core.text import (
    NO_COMMA,
    NOT_BLANK,
    ONE_LINE,
    STORABLE,
    Email,
    Identifier,
    TextRule,
    email_key,
)


def taken(kind: Any, value: object) -> Any:
    return TypeAdapter(kind).validate_python(value)


def refused(kind: Any, value: object) -> str:
    with pytest.raises(ValidationError) as caught:
        taken(kind, value)
    (problem,) = caught.value.errors()
    return problem["msg"].removeprefix("Value error, ")


STORED = Annotated[str, STORABLE]
SAID = Annotated[str, NOT_BLANK]
LINE = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20), NOT_BLANK]
LISTED = Annotated[str, NO_COMMA]
NAME = Annotated[str, ONE_LINE]

NO_BREAKS = "must not be blank, nor contain line breaks or control characters"
NO_COMMAS = "must not be blank, nor contain commas, line breaks or control characters"

NO_SURROGATES = st.characters(exclude_categories=["Cs"], exclude_characters="\0")


@pytest.mark.parametrize("kind", [STORED, SAID, LINE, LISTED, NAME])
def test_what_cannot_be_stored_is_refused(kind: Any) -> None:
    assert refused(kind, "a\0b") == "must not contain the character NUL"
    refused(kind, "a\ud800b")


def test_half_a_character_is_refused_in_words() -> None:
    assert refused(STORED, "a\ud800b") == "must not contain half of a character"


@pytest.mark.parametrize("blank", ["", " ", "\n\t ", "\u2003", "\x1c", "\x85", "\ufeff"])
def test_text_that_says_something_is_not_blank(blank: str) -> None:
    assert refused(SAID, blank) == "must not be blank"
    assert refused(LINE, blank) == "must not be blank"
    assert refused(LISTED, blank) == NO_COMMAS
    assert refused(NAME, blank) == NO_BREAKS


def test_text_for_a_list_has_no_comma() -> None:
    assert taken(LISTED, "a b") == "a b"
    assert refused(LISTED, "a,b") == NO_COMMAS


@pytest.mark.parametrize("sign", ["\n", "\r", "\t", "\x1b", "\x7f", "\x85", "\u2028", "\u2029"])
def test_one_line_has_nothing_that_ends_it_and_nothing_that_terminals_obey(sign: str) -> None:
    assert refused(NAME, f"a{sign}b") == NO_BREAKS
    assert refused(LISTED, f"a{sign}b") == NO_COMMAS
    assert taken(NAME, "a, b") == "a, b"


def test_spaces_around_a_line_go_and_others_stay() -> None:
    assert taken(LINE, "  a  b\n") == "a  b"
    assert taken(SAID, "    code\n") == "    code\n"
    assert taken(STORED, "") == ""


def test_what_is_too_long_is_told_in_characters() -> None:
    assert refused(LINE, "x" * 21) == "String should have at most 20 characters"


@given(st.text(NO_SURROGATES))
def test_whatever_can_be_stored_is_kept_as_it_is(value: str) -> None:
    assert taken(STORED, value) == value


@given(st.text(NO_SURROGATES))
def test_a_line_that_was_taken_once_is_taken_unchanged_again(value: str) -> None:
    adapter = TypeAdapter(LINE)
    try:
        line = adapter.validate_python(value)
    except ValidationError:
        return
    assert adapter.validate_python(line) == line
    assert 0 < len(line) <= 20


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ada@example.com", "ada@example.com"),
        ("Ada.Lovelace@EXAMPLE.com", "ada.lovelace@example.com"),
        ("ada+blog@example.test", "ada+blog@example.test"),
        ("\u00fc@b\u00fccher.example", "\u00fc@b\u00fccher.example"),
    ],
)
def test_an_address_is_kept_in_lower_case(typed: str, kept: str) -> None:
    assert taken(Email, typed) == kept


@pytest.mark.parametrize(
    "typed", ["ada", "ada@", "@example.com", "a b@example.com", "ada@localhost", "a@b@c.com"]
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    assert refused(Email, typed).startswith("is not an e-mail address. ")


def test_an_address_is_not_longer_than_mail_allows() -> None:
    assert refused(Email, "a" * 250 + "@example.com") == (
        "String should have at most 254 characters"
    )


@pytest.mark.parametrize(
    "typed",
    ["Ada@EXAMPLE.com", " ada@example.com ", "ada@example.com", "A\u0308@example.com", "Ada"],
)
def test_an_address_that_is_asked_for_is_compared_as_it_is_kept(typed: str) -> None:
    try:
        kept = taken(Email, typed.strip())
    except ValidationError:
        kept = typed.lower()
    assert email_key(typed) == kept


@pytest.mark.parametrize("number", [1, "7", 2**63 - 1])
def test_an_identifier_is_a_number_that_a_row_can_have(number: object) -> None:
    assert taken(Identifier, number) == int(str(number))


@pytest.mark.parametrize("number", [0, -1, 2**63, "x", None])
def test_what_no_row_can_have_is_no_identifier(number: object) -> None:
    refused(Identifier, number)


DIGITS = Annotated[str, TextRule(r"^[0-9]+$", "must be digits")]


def test_a_pattern_is_explained_in_words_and_told_in_the_document() -> None:
    assert taken(DIGITS, "42") == "42"
    for wrong in ("", "x", "4 2", "42\n"):
        assert refused(DIGITS, wrong) == "must be digits"
    assert TypeAdapter(DIGITS).json_schema() == {"type": "string", "pattern": "^[0-9]+$"}


@given(st.text(NO_SURROGATES))
def test_a_pattern_means_the_same_as_in_the_document(value: str) -> None:
    """In the OpenAPI document `$` is JavaScript's: the end, and not before a last line break."""
    if re.fullmatch(r"[0-9]+", value):
        assert taken(DIGITS, value) == value
    else:
        refused(DIGITS, value)
