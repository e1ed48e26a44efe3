r"""Text by others, made safe to show: on a terminal, in a page, in a message, in one line.

Names, paths, branches and what tests write come from students. What could move a cursor, turn the
direction of the text around it, or hide, is written out as Python does: `\x1b`, `\u202e`.
"""

import unicodedata

# Controls, formats such as the marks of direction, halves of pairs, separators of lines.
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Formats that words and emoji need: the zero-width non-joiner and joiner.
_NEEDED = frozenset("\u200c\u200d")


def visible(text: str) -> str:
    r"""The text with all that is not plain written out, line ends too.

    A byte that is not valid UTF-8 (Python holds it as a lone surrogate) shows as that byte: `\xff`.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_written_out, text))


def is_plain(text: str) -> bool:
    """Whether each character of a text can be seen, and none moves others."""
    return visible(text) == text


def _written_out(character: str) -> str:
    if character in _NEEDED or unicodedata.category(character) not in _UNSAFE:
        return character
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode("ascii")
