"""The program: `python -m app help`."""

import os
import sys

from django.core.management import execute_from_command_line

from app.core.explanations import explained


def main() -> None:
    """Run a command: one of ours, or one of Django's."""
    # Also where a shell has another set, for some other project.
    os.environ["DJANGO_SETTINGS_MODULE"] = "app.settings"
    with explained():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
