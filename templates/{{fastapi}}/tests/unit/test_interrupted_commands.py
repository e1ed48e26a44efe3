"""Ctrl-C in the middle of a command."""

import builtins
from typing import Any

import pytest
import typer

from app.__main__ import main
from app.core.cli import explained


def test_a_command_that_is_interrupted_says_so_without_a_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(typer.Exit) as stopped, explained():
        raise KeyboardInterrupt

    assert stopped.value.exit_code == 130
    assert capsys.readouterr() == ("", "Stopped. What was not finished was undone.\n")


def test_a_program_that_is_interrupted_while_it_starts_ends_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    load = builtins.__import__

    def interrupted(name: str, *arguments: Any, **options: Any) -> Any:
        if name == "app.commands":
            raise KeyboardInterrupt
        return load(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", interrupted)
    with pytest.raises(SystemExit) as stopped:
        main()

    assert stopped.value.code == 130
