"""Mentions: `@ada` in a comment is Ada, if she is a member."""

import unicodedata
from collections.abc import Iterable

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
    known = sorted(names, key=len, reverse=True)
    before, *parts = name_key(text).split("@")
    found = set()
    for part in parts:
        # Nobody is mentioned in an e-mail address.
        if not _is_of_a_word(before[-1:]):
            found |= set([name for name in known if _begins_with(part, name)][:1])
        before = part
    return found


def _begins_with(text: str, name: str) -> bool:
    return text.startswith(name) and not _is_of_a_word(text[len(name) : len(name) + 1])


def _is_of_a_word(character: str) -> bool:
    """Letters, the marks upon them, and numbers."""
    return bool(character) and unicodedata.category(character)[0] in "LMN"
