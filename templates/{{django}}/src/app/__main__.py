"""The program: `python -m app help`."""

import os
import sys

from app.core.exits import INTERRUPTED

PROGRAM = "python -m app"


def main() -> None:
    """Run a command: one of ours, or one of Django's."""
    # Also where a shell has another set, for some other project.
    os.environ["DJANGO_SETTINGS_MODULE"] = "app.settings"
    try:
        # These take a moment, in which somebody may think better of it.
        from django.core.management import execute_from_command_line  # noqa: PLC0415

        from app.core.explanations import explained  # noqa: PLC0415
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
    with explained():
        # By this name, or Django would tell people to run `python -m django`.
        execute_from_command_line([PROGRAM, *sys.argv[1:]])


if __name__ == "__main__":
    main()
