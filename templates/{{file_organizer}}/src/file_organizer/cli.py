"""The program's entry point. The commands are in `commands.py`.

Loading the commands takes a tenth of a second. Doing it behind the error boundary means that not
even a Ctrl-C in that tenth shows a traceback.
"""

from file_organizer.terminal import guarded


def main() -> int:
    """Run the command line and return the exit code."""
    return guarded(_commands)


def _commands() -> int:
    from file_organizer.commands import run_command_line  # noqa: PLC0415 - see above

    return run_command_line()
