"""The program: `python -m app --help`."""

from app.core.cli import cli

if __name__ == "__main__":
    cli()
