"""User names: what they may be made of, and when two are the same."""

import unicodedata

NAME_LENGTH = 50

_OTHERS = frozenset("._-")


def user_name(text: str) -> str:
    """Check a user name, and write it in Unicode's composed form.

    A name is part of a path, so it has no slash, and is not `.` or `..`. There is no pattern for it
    that means the same in Python and in JavaScript, so the OpenAPI document has words instead.

    Raises:
        ValueError: It has other characters, or they are in other places.
    """
    name = unicodedata.normalize("NFC", text)
    words = name.split(" ")
    if not all(words) or not all(_is_allowed(character) for word in words for character in word):
        raise ValueError(
            "may have letters, digits, dots, hyphens, underscores, and single spaces between them"
        )
    if not any(character.isalnum() for character in name):
        raise ValueError("needs a letter or a digit")
    return name


def name_key(name: str) -> str:
    """A user name in the form in which names are compared, in any script.

    Unicode has several ways to write one name; NFKC makes them one.
    """
    return unicodedata.normalize("NFKC", name).casefold()


def _is_allowed(character: str) -> bool:
    """Letters, the marks upon them, numbers, and a few others."""
    return unicodedata.category(character)[0] in "LMN" or character in _OTHERS
