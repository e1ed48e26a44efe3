"""Numbers at random, for what must not be mistaken for something that was there before."""

import secrets


def new_number() -> int:
    """A number that nothing has had before.

    SQLite gives the number of a deleted row out again, and with one an old token would be good.
    JavaScript keeps whole numbers of 53 bits as they are, so they have no more.
    """
    return secrets.randbits(52) + 1
