"""Ctrl-C in the middle of a command."""

import pytest
import typer

from app.core.cli import explained


def test_a_command_that_is_interrupted_says_so_without_a_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(typer.Exit) as stopped, explained():
        raise KeyboardInterrupt

    assert stopped.value.exit_code == 130
    assert capsys.readouterr() == ("", "Stopped. What was not finished was undone.\n")
