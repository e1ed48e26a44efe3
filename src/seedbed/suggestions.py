"""What somebody may have meant who wrote a name that there is not."""

import difflib
from collections.abc import Iterable

# A slip of the fingers in a short word is nearer than this; `Timestamp` and `team` are not.
_NEAR = 0.7


def did_you_mean(written: str, known: Iterable[str], *, at_most: int | None = None) -> str:
    """A sentence for the end of a message: the nearest name, or all names where none is near.

    Args:
        written: What somebody wrote.
        known: The names that there are.
        at_most: How many of them are listed; the others are counted.
    """
    names = sorted(known)
    if close := difflib.get_close_matches(written.casefold()[:100], names, n=1, cutoff=_NEAR):
        return f"Did you mean `{close[0]}`?"
    listed = ", ".join(f"`{name}`" for name in names[:at_most])
    more = len(names[at_most:]) if at_most is not None else 0
    others = f" and {more:,} more" if more else ""
    return f"There {'is' if len(names) == 1 else 'are'} {listed}{others}."
