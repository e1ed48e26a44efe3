"""Mentions: `@ada` in a comment is Ada, if she is a member."""

import unicodedata
from collections.abc import Collection, Iterable

from app.users.names import name_key


def mentioned(text: str, names: Iterable[str]) -> set[str]:
    """Find whom a text mentions.

    Names may have spaces and dots in them, so where a mention ends only the names can tell: the
    longest one that fits is meant.

    Args:
        text: The text.
        names: The names of those who can be mentioned, as `name_key` writes them.

    Returns:
        Those of them that the text has an @ before.
    """
    known = set(names)
    # By their lengths and not one by one: there may be many names, and many signs in a text.
    lengths = sorted({len(name) for name in known}, reverse=True)
    before, *parts = name_key(text).split("@")
    found = set()
    for part in parts:
        # Nobody is mentioned in an e-mail address.
        if not _is_of_a_word(before[-1:]):
            found.update(_longest(part, known, lengths))
        before = part
    return found


def _longest(text: str, known: Collection[str], lengths: Iterable[int]) -> list[str]:
    """The longest name that a text begins with, if there is one."""
    for length in lengths:
        name = text[:length]
        if name in known and not _is_of_a_word(text[length : length + 1]):
            return [name]
    return []


def _is_of_a_word(character: str) -> bool:
    """Letters, the marks upon them, and numbers."""
    return bool(character) and unicodedata.category(character)[0] in "LMN"
