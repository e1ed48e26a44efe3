"""Longer text by others, made safe to show: what a program wrote, and what is too long."""

import re

from seedbed.visible import visible

# Colours, cursor movements and titles that programs write for a terminal.
_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])")


def visible_lines(text: str) -> str:
    """The text with only the ends of its lines, and what can be seen.

    Args:
        text: Any text, such as what a program wrote: its colours are left out.

    Returns:
        The same text. A line that was written over, as progress bars are, has its last state.
    """
    lines = _SEQUENCE.sub("", text).split("\n")
    return "\n".join(visible(line.rstrip("\r").rpartition("\r")[2].expandtabs()) for line in lines)


def shortened(text: str, limit: int) -> str:
    """Cut a text that is longer than a limit, and show that it was cut."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"
