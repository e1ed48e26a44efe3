"""E-mail addresses and GitHub user names: what one looks like."""

import re

from email_validator import EmailNotValidError, validate_email

from seedbed.mistakes import quoted
from seedbed.text import shortened

_GITHUB = re.compile(r"[A-Za-z0-9](-?[A-Za-z0-9])*")
_LONGEST_GITHUB = 39
_LONGEST_REASON = 200


def checked_email(text: str) -> str:
    """An e-mail address, as it was written. Nobody is asked whether it exists.

    Raises:
        ValueError: It is none; the message says how to write it.
    """
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError as error:
        # Where one looks right, such as one in `.local`, only this says what is wrong with it.
        why = shortened(str(error), _LONGEST_REASON)
        wrong = f"{quoted(text)} is no e-mail address. {why} Write it like ada@example.org."
        raise ValueError(wrong) from None
    return text


def checked_github(text: str) -> str:
    """A GitHub user name.

    Raises:
        ValueError: It is none; the message says how to write it.
    """
    if text.startswith("@") and _is_github(text[1:]):
        raise ValueError(f"{quoted(text)} begins with @. Write it without: {text[1:]}.")
    if not _is_github(text):
        raise ValueError(
            f"{quoted(text)} is no GitHub user name. Write the name alone, letters, digits and "
            f"single hyphens, at most {_LONGEST_GITHUB} of them, like ada-lovelace."
        )
    return text


def _is_github(text: str) -> bool:
    return len(text) <= _LONGEST_GITHUB and bool(_GITHUB.fullmatch(text))
