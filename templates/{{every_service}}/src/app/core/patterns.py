"""Patterns of text that mean the same to Python, to JavaScript and to the OpenAPI document."""

_SPACE = r"\s\x1c-\x1f\x85\ufeff"  # what Python, Rust or JavaScript takes for a space

STORABLE = r"^[^\x00]*$"
"""Text that a database can store: PostgreSQL has no room for the character NUL."""

NOT_BLANK = rf"^[^\x00]*[^\x00{_SPACE}][^\x00]*$"
"""Text that says something."""

_BREAK = r"\x00-\x1f\x7f-\x9f\u2028\u2029"  # what ends a line, and what a terminal obeys
ONE_LINE = rf"^[^{_BREAK}]*[^{_BREAK}{_SPACE}][^{_BREAK}]*$"
"""Text that says something, on one line: an address, a name in a mail."""

NO_COMMA = rf"^[^{_BREAK},]*[^{_BREAK},{_SPACE}][^{_BREAK},]*$"
"""The same for a list that people separate by commas."""
