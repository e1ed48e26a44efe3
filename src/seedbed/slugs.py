"""Slugs: the short names of students, for repositories, branches and what seedbed says."""

import re

from slugify import slugify

from seedbed.mistakes import quoted

LONGEST = 80
# What keyboards and word processors write for an apostrophe, as one.
_APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u02bc"), "'")
_SLUG = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")


def checked_slug(text: str) -> str:
    """A slug that somebody wrote.

    Raises:
        ValueError: It is none; the message says how to write it.
    """
    if not _SLUG.fullmatch(text):
        raise ValueError(
            f"{quoted(text)} is no slug. Write lower-case letters, digits and hyphens between them,"
            " like ada-lovelace."
        )
    if len(text) > LONGEST:
        raise ValueError(
            f"{quoted(text)} is longer than {LONGEST} characters. Write a shorter one."
        )
    return text


def slug_of(name: str) -> str:
    """The slug that a name suggests.

    Raises:
        ValueError: It suggests none; the message says what to do.
    """
    # One way to write other alphabets in Latin letters, whatever else is installed: another slug
    # would be another repository.
    slug = slugify(
        name.translate(_APOSTROPHES),
        entities=False,
        decimal=False,
        hexadecimal=False,
        backend="text-unidecode",
    )
    if not slug:
        wrong = f"{quoted(name)} has nothing to make a slug of."
    elif len(slug) > LONGEST:
        wrong = f"{quoted(name)} makes a slug longer than {LONGEST} characters."
    else:
        return slug
    raise ValueError(f"{wrong} Give a short name in a column `slug`.")
