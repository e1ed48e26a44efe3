"""The program: `python -m app --help`."""

from app.core.exits import INTERRUPTED


def main() -> None:
    """Run a command."""
    try:
        # It takes a moment, in which somebody may think better of it.
        from app.commands import cli  # noqa: PLC0415
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
    cli()


if __name__ == "__main__":
    main()
