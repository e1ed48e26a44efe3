"""What somebody may have meant who wrote a name that there is not."""

import difflib
from collections.abc import Iterable


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """A sentence for the end of a message: the nearest name, or all names where none is near."""
    names = sorted(known)
    if close := difflib.get_close_matches(written.casefold()[:100], names, n=1):
        return f"Did you mean `{close[0]}`?"
    return f"There {'is' if len(names) == 1 else 'are'} {', '.join(f'`{name}`' for name in names)}."
