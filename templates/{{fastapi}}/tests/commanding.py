"""Commands of the program, run in this process."""

from typer.testing import CliRunner, Result

from app.commands import cli


def call(*arguments: str) -> Result:
    """Run a command."""
    return CliRunner().invoke(cli, arguments, catch_exceptions=False)
