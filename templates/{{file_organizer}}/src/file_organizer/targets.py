"""Target patterns: `Pictures/{year}/{month}` is where a file goes inside the organised folder.

A pattern is checked when the rules are loaded and its values are cleaned when it is filled in, so
that no rule and no file name can lead out of the folder.
"""

import os
import string
import time
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

PLACEHOLDERS = {
    "year": "year of the last change, like 2026",
    "month": "month of the last change, 01 to 12",
    "day": "day of the last change, 01 to 31",
    "ext": "extension in lower case without its dot, like pdf",
    "stem": "file name without its extension",
    "rule": "name of the rule",
}

NOTHING = "_"
"""Stands for a value that is empty or could not be the name of a folder."""


@dataclass(frozen=True, slots=True)
class TargetPattern:
    """A checked pattern. `fields` are the placeholders in it."""

    text: str
    fields: frozenset[str]

    def fill(self, values: Mapping[str, str]) -> str:
        """The folder for these values: relative, with `/` between its parts."""
        if not self.fields:
            return self.text
        clean = {field: _clean(values[field]) for field in self.fields}
        # Each part on its own: `{a}{b}` may make `..` out of two harmless dots.
        return "/".join(_name(part.format_map(clean)) for part in self.text.split("/"))


def parse_target(text: str, groups: Collection[str] | None = ()) -> TargetPattern:
    """Check a pattern. `groups` are the regex's own placeholders, or None if they are unknown."""
    _check_path(text)
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        raise ValueError("has a { or } without its partner; write {{ or }} for a brace") from None
    fields = {
        field: spec or conversion for _, field, spec, conversion in parts if field is not None
    }
    known = None if groups is None else [*PLACEHOLDERS, *groups]
    for field, extra in fields.items():
        if known is not None and (extra or field not in known):
            choice = ", ".join(f"{{{name}}}" for name in known)
            raise ValueError(f"has an unknown placeholder {{{field}}}; there are {choice}")
    return TargetPattern(text=text.rstrip("/"), fields=frozenset(fields))


def _check_path(text: str) -> None:
    """Refuse whatever is not a plain relative path, on any system."""
    if text.startswith(("/", "~")):
        raise ValueError(f"must stay in the folder: '{text}' does not start there")
    if "\\" in text or ":" in text:
        raise ValueError("must not contain \\ or : (write / between folders, on every system)")
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise ValueError("must not contain control characters")
    for part in text.rstrip("/").split("/"):
        if part == "..":
            raise ValueError(f"must stay in the folder: '{text}' leaves it through '..'")
        if part in {"", "."}:
            raise ValueError("must name a folder, without empty parts or '.'")
        if part != _name(part):
            raise ValueError(f"'{part}' must not begin or end with a space, or end with a dot")


def date_values(mtime_ns: int) -> dict[str, str]:
    """The placeholders that come from the time of the last change, in local time."""
    moment = time.localtime(mtime_ns / 1e9)
    return {
        "year": f"{moment.tm_year:04}",
        "month": f"{moment.tm_mon:02}",
        "day": f"{moment.tm_mday:02}",
    }


def name_values(name: str) -> dict[str, str]:
    """The placeholders that come from the file's name."""
    stem, suffix = os.path.splitext(name)
    return {"stem": stem, "ext": suffix[1:].lower()}


def _clean(value: str) -> str:
    """A value must not add a folder level or a character that is trouble in a name."""
    return (
        "".join(
            NOTHING if character in "/\\:" or unicodedata.category(character) == "Cc" else character
            for character in value
        )
        or NOTHING
    )


def _name(part: str) -> str:
    """The part as the name of a folder. Windows drops dots and spaces at the end of a name."""
    return part.strip().rstrip(". ") or NOTHING
