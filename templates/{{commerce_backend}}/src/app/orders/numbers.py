"""Order numbers: short enough to be read out, and silent about how much the shop sells."""

import re
import secrets

# Crockford's Base32: no I, L, O or U, which are misread, or make words. https://www.crockford.com/base32.html
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
GROUP = 4

PATTERN = rf"(?:[{ALPHABET}]{{{GROUP}}}-){{2}}[{ALPHABET}]{{{GROUP}}}"
_FORM = re.compile(PATTERN)


def new_number() -> str:
    """Make a number such as `7K3M-9QXA-2F0B`.

    It has 60 random bits. With a million orders, one new number in a million million is taken. The
    table's constraint then refuses the order, which is a 500 and nothing worse.
    """
    text = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(text[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def is_number(text: str) -> bool:
    """Whether a text has the form of an order's number."""
    return _FORM.fullmatch(text) is not None
