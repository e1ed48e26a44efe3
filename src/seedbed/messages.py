"""The messages of seedbed's commits, and what can be read in them again."""

from collections.abc import Sequence

_UPDATE = "Update from the template: "
_CONFLICTS = "These files have a conflict:"
_INDENT = "    "


def version_message(version: str) -> str:
    """The message of a rendered version."""
    return f"Template {version}\n"


def update_message(before: str, after: str, conflicts: Sequence[str]) -> str:
    """The message of an update."""
    lines = [f"{_UPDATE}{before} to {after}"]
    if conflicts:
        lines += ["", _CONFLICTS, "", *(f"{_INDENT}{on_one_line(path)}" for path in conflicts)]
    return "\n".join([*lines, ""])


def conflicts_in(message: str) -> Sequence[str]:
    """The files that an update's message names as having a conflict; none in any other message."""
    before, found, after = message.partition(f"\n{_CONFLICTS}\n")
    if not found or not before.startswith(_UPDATE):
        return ()
    return [line.removeprefix(_INDENT) for line in after.splitlines() if line.startswith(_INDENT)]


def on_one_line(path: str) -> str:
    """A path as it can be read, whatever a student called a file."""
    return "".join(each if each.isprintable() else "?" for each in path)
