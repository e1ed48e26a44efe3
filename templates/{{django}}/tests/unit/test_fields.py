"""Fields of requests take what the document says, and nothing else."""

from typing import Any

import pytest
from rest_framework.exceptions import ValidationError

from app.core.fields import (
    BooleanField,
    EmailField,
    IntegerField,
    PasswordField,
    PatternField,
    SlugField,
    TextField,
)

FIELDS: dict[str, Any] = {
    "text": TextField(max_length=5),
    "optional text": TextField(allow_blank=True),
    "pattern": PatternField(r"^[a-z]+$", "must be small letters"),
    "slug": SlugField(),
    "number": IntegerField(min_value=0, max_value=9),
    "truth": BooleanField(),
    "e-mail": EmailField(),
    "password": PasswordField(min_length=2),
}


@pytest.mark.parametrize(
    ("field", "given", "expected"),
    [
        ("text", " a b ", " a b "),
        ("optional text", "", ""),
        ("optional text", " \n", " \n"),
        ("pattern", "abc", "abc"),
        ("slug", "blue-mug-2", "blue-mug-2"),
        ("number", 5, 5),
        ("number", 5.0, 5),
        ("truth", True, True),
        ("truth", False, False),
        ("e-mail", "Ada@Example.com", "ada@example.com"),
        ("password", "  ", "  "),
    ],
)
def test_what_is_right_is_taken(field: str, given: Any, expected: Any) -> None:
    taken = FIELDS[field].run_validation(given)
    assert (taken, type(taken)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("field", "given"),
    [
        *[(field, None) for field in FIELDS],
        *[(field, [1]) for field in FIELDS],
        *[(field, "a\0") for field in FIELDS],
        *[(field, "\ud83d") for field in FIELDS],
        *[(field, 5) for field in FIELDS if field != "number"],
        *[(field, True) for field in FIELDS if field != "truth"],
        ("text", ""),
        ("text", " \u3000\t\ufeff"),
        ("text", "x" * 6),
        ("pattern", ""),
        ("pattern", "abc\n"),
        ("pattern", " abc"),
        ("slug", "Blue"),
        ("slug", "a--b"),
        ("slug", "-a"),
        ("number", "5"),
        ("number", 5.5),
        ("number", 10),
        ("number", -1),
        ("truth", "true"),
        ("truth", 1),
        ("truth", "on"),
        ("e-mail", "ada"),
        ("e-mail", ""),
        ("password", "x"),
        ("password", "x" * 129),
    ],
)
def test_what_is_not_is_refused_and_not_repeated(field: str, given: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        FIELDS[field].run_validation(given)
    assert repr(given) not in str(caught.value)
