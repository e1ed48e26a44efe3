"""A command ends with a message, and no traceback, on what a person can put right."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, InterfaceError

from app.core.environment import SettingsError
from app.core.exits import INTERRUPTED


@contextmanager
def explained() -> Iterator[None]:
    """Run the block, and end the program where it fails.

    Raises:
        SystemExit: It failed.
    """
    try:
        yield
    except SettingsError as error:
        sys.stderr.write(f"error: The settings are wrong.\n{error}\n")
        sys.stderr.write("hint: Set these environment variables; .env.example describes them.\n")
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        # Each piece of work is one transaction, so nothing is half done.
        sys.stderr.write("Stopped. What was not finished was undone.\n")
        raise SystemExit(INTERRUPTED) from None
    except BrokenPipeError:
        raise  # whoever read the output has enough
    except (DatabaseError, InterfaceError) as error:
        sys.stderr.write(f"error: {' '.join(str(error).split())}\n")
        sys.stderr.write(
            "hint: Does the database run, and is DATABASE_URL right?"
            " `python -m app migrate` makes its tables.\n"
        )
        raise SystemExit(1) from None
