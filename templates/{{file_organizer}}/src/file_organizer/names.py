"""File names: which ones a file system could take for the same, and how a taken one gets a number.

Names that are not valid UTF-8 are strings with lone surrogates, as `os` functions return them.
"""

import os
import re
import unicodedata
from collections.abc import Iterator
from itertools import count

MAX_NAME_BYTES = 255
"""The longest name that Linux file systems, APFS and NTFS all accept."""

# Characters that a case-insensitive directory of ext4 leaves out of its comparison, because
# Unicode calls them "default ignorable": two names that differ only in them are the same there.
_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)


def folded(text: str) -> str:
    """How rules compare: without case, and with accents as one character (macOS may use two)."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFC", text.casefold())


def comparison_key(name: str) -> str:
    """Names with the same key may be one name on some file system, so they count as taken.

    It is the canonical caseless form of Unicode (its rule D145), without what ext4 ignores.
    """
    if name.isascii():
        return name.lower()
    folded = unicodedata.normalize("NFD", name).casefold()
    return unicodedata.normalize("NFC", _IGNORABLE.sub("", folded))


def split_suffix(name: str) -> tuple[str, str]:
    """Stem and suffix; the suffix keeps its dot, and `.tar.gz` is one suffix."""
    stem, suffix = os.path.splitext(name)
    if stem.lower().endswith(".tar") and len(stem) > len(".tar"):
        return stem[:-4], stem[-4:] + suffix
    return stem, suffix


def numbered(name: str, number: int) -> str:
    """`report.pdf` becomes `report (1).pdf`; a long stem is cut so that the result fits."""
    stem, suffix = split_suffix(name)
    suffix = f" ({number}){suffix}"
    room = MAX_NAME_BYTES - len(os.fsencode(suffix))
    if room < 1:  # there is hardly a stem: what looks like a suffix is the name
        stem, suffix = name, f" ({number})"
        room = MAX_NAME_BYTES - len(suffix)
    while len(os.fsencode(stem)) > room:
        stem = stem[:-1]
    return stem + suffix


def is_hidden(name: str) -> bool:
    """Whether the name starts with a dot."""
    return name.startswith(".")


def names_to_try(name: str) -> Iterator[str]:
    """The name itself, then the numbered ones."""
    yield name
    for number in count(1):
        yield numbered(name, number)
