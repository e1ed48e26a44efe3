"""Fields of requests that take what the OpenAPI document says, and nothing else.

REST framework's own are lenient: text may come as a number, a number as text, a truth as "yes". A
client that has mixed something up would be told by a wrong result instead of an answer.
"""

import re
from typing import Any

from django.core.validators import RegexValidator
from rest_framework import serializers

from app.core.patterns import NOT_BLANK, ONE_LINE, STORABLE
from app.core.text import EMAIL_LENGTH, email_key

SLUG = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"


class _Pattern(RegexValidator):
    """A pattern for Python and for the OpenAPI document alike, so without what JavaScript lacks."""

    def __init__(self, pattern: str, message: str) -> None:
        # In Python `$` also matches before a line break at the end.
        super().__init__(re.compile(re.sub(r"\$\Z", r"\\Z", pattern)), message, "pattern")


class PatternField(serializers.CharField):
    """Text with a pattern. It is kept as it was sent.

    Args:
        pattern: What it must match.
        message: What it must be like, as the end of a sentence that begins with its place.
        **options: As for every field.
    """

    def __init__(self, pattern: str, message: str, **options: Any) -> None:
        super().__init__(trim_whitespace=False, **options)
        self.validators.append(_Pattern(pattern, message))

    def to_internal_value(self, data: Any) -> str:
        """Take text, and nothing that could be made into text."""
        if not isinstance(data, str):
            self.fail("invalid")
        return data

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Leave it to the pattern whether it may be blank."""
        if data == "" and not self.allow_blank:
            self.fail("blank")
        return super().run_validation(data)


class TextField(PatternField):
    """Text that says something or, with `allow_blank`, may be empty."""

    def __init__(self, **options: Any) -> None:
        if options.get("allow_blank"):
            super().__init__(STORABLE, "must not contain the character NUL", **options)
        else:
            super().__init__(NOT_BLANK, "must not be blank", **options)


class LineField(PatternField):
    """Text that says something, on one line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            ONE_LINE, "must not be blank, nor contain line breaks or control characters", **options
        )


class SlugField(PatternField):
    """A part of an address."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            SLUG, "must be small letters, digits and single hyphens, such as blue-mug", **options
        )


class IntegerField(serializers.IntegerField):
    """A whole number. 5.0 is one, says JSON Schema; "5" and true are none."""

    def to_internal_value(self, data: Any) -> int:
        """Take a number, and nothing that could be made into one."""
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        if isinstance(data, float) and not data.is_integer():
            self.fail("invalid")
        return int(data)


class BooleanField(serializers.BooleanField):
    """true or false."""

    def to_internal_value(self, data: Any) -> bool:
        """Take a truth, and nothing that could be made into one."""
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class EmailField(serializers.EmailField):
    """An e-mail address, as addresses are compared."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": EMAIL_LENGTH, **options})

    def to_internal_value(self, data: Any) -> str:
        """Take text, and nothing that could be made into text."""
        if not isinstance(data, str):
            self.fail("invalid")
        return email_key(super().to_internal_value(data))


class PasswordField(PatternField):
    """A password, of any characters. It is so long at the most that hashing stays cheap."""

    def __init__(self, **options: Any) -> None:
        defaults = {"min_length": 1, "max_length": 128, "style": {"input_type": "password"}}
        super().__init__(STORABLE, "must not contain the character NUL", **{**defaults, **options})
