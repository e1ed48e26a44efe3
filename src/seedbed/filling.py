"""Placeholders such as `{slug}` in texts of `cohort.toml`: found, checked, and filled in.

This is not `str.format`: a placeholder is a name from a short list, and nothing more. It reaches no
attribute, and what is filled in is never looked at again.
"""

import re
from collections.abc import Collection, Mapping

from seedbed.mistakes import quoted
from seedbed.model import Student
from seedbed.suggestions import did_you_mean

STUDENT = ("name", "email", "github", "slug")
# As in Jinja, which templates are written in. `{{{name}}}` is a placeholder in braces.
_DOUBLED = re.compile(r"(?<!\{)\{\{\s*(\w+)\s*\}\}(?!\})")
_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def placeholders(text: str, known: Collection[str] = STUDENT) -> frozenset[str]:
    """The names of the placeholders in a text.

    Args:
        text: The text, with `{{` and `}}` for braces that are meant as such.
        known: The names that it may use.

    Returns:
        The names that it uses.

    Raises:
        ValueError: It uses another name, or has a single brace, or double braces around a name;
            the message says what to write.
    """
    for name in _DOUBLED.findall(text):
        if name in known:
            raise ValueError(f"has {{{{ {name} }}}}. Write {{{name}}}, with single braces.")
    names = set()
    for token in _TOKEN.finditer(text):
        if token[0] in {"{", "}"}:
            raise ValueError(
                f"has a single `{token[0]}`. Write `{token[0] * 2}` where a brace is meant."
            )
        if token[1] is None:
            continue
        if token[1] not in known:
            wrong = f"has {quoted(token[0])}, which is no placeholder."
            raise ValueError(f"{wrong} {did_you_mean(token[0], [f'{{{name}}}' for name in known])}")
        names.add(token[1])
    return frozenset(names)


def fill(text: str, student: Student) -> str:
    """The text with each placeholder replaced by what is a student's."""
    values = {"name": student.name, "email": student.emails[0], "slug": student.slug}
    return filled(text, {**values, "github": student.github or ""})


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with each placeholder replaced; it was checked by `placeholders`."""
    return _TOKEN.sub(lambda token: token[0][0] if token[1] is None else values[token[1]], text)
