"""The program's entry point, and the one place where errors end. The commands are in `commands.py`.

Loading the commands takes a moment. Doing it behind this boundary means that not even a Ctrl-C in
that moment shows a traceback.
"""

from seedbed import interrupts, terminal
from seedbed.failures import explained
from seedbed.model import SeedbedError, UsageError

_FAILED = 1
_USAGE = 2


def main() -> int:
    """Run the command line and return the exit code.

    What is left after this is a mistake in the program, and its traceback is the way to find it.
    """
    terminal.prepare_streams()
    interrupts.install()
    try:
        return _commands()
    except interrupts.Interrupted:
        # The end must not be torn by one more.
        interrupts.ignore()
        terminal.note(f"Stopped. {interrupts.GO_ON}")
        return interrupts.EXIT_CODE
    except terminal.ReaderGoneError:
        return terminal.READER_GONE
    except SeedbedError as error:
        return _explained(error)
    except OSError as error:
        terminal.say_error(explained(error))
        return _FAILED
    finally:
        # All is done and said. Python ends with the system's own handlers, which would end it as if
        # it had not been.
        interrupts.ignore()


def _commands() -> int:
    from seedbed.commands import run_command_line  # noqa: PLC0415 - see above

    return run_command_line()


def _explained(error: SeedbedError) -> int:
    from seedbed.mistakes import MistakesError  # noqa: PLC0415 - see above

    if isinstance(error, MistakesError):
        # Each begins with its file and line, so that an editor can go there.
        terminal.note(str(error))
        return _USAGE
    terminal.say_error(str(error))
    return _USAGE if isinstance(error, UsageError) else _FAILED
