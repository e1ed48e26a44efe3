"""Filling a new database with a demo, for development."""

from collections.abc import AsyncIterator, Awaitable, Callable

import typer
from rich.console import Console
from rich.progress import Progress
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.cli import prepared
from app.core.database import Database
from app.core.settings import Settings


def settings_for_a_demo() -> Settings:
    """Read the settings, and refuse to go on in production.

    Raises:
        SettingsError: They are wrong.
    """
    settings = prepared()
    if settings.environment == "production":
        typer.echo(
            "error: The demo's password is public, so it has no place in production.", err=True
        )
        raise typer.Exit(2)
    return settings


async def seed_database(
    settings: Settings,
    *,
    is_there: Callable[[AsyncSession], Awaitable[bool]],
    fill: Callable[[AsyncSession], AsyncIterator[int]],
    pieces: int,
    title: str,
    in_the_way: str,
) -> bool:
    """Write a demo, all of it or nothing.

    Args:
        settings: The settings.
        is_there: Tells whether the database has the demo already.
        fill: Writes it, and gives a sign of life after each piece.
        pieces: How many pieces there will be.
        title: What stands beside the bar that shows how far it is.
        in_the_way: What is said if the database has something of the demo's names.

    Returns:
        Whether it was written; if not, it was there already, and that was said.
    """
    database = Database(settings.database_url)
    # A bar where somebody watches, and nothing in a log.
    console = Console(stderr=True)
    bar = Progress(console=console, transient=True, disable=not console.is_terminal)
    try:
        async with database.session() as session:
            if await is_there(session):
                typer.echo("The demo is there already. Nothing was changed.")
                return False
            with bar:
                task = bar.add_task(title, total=pieces)
                async for _ in fill(session):
                    bar.advance(task)
            await session.commit()
    except IntegrityError:
        typer.echo(f"error: {in_the_way}", err=True)
        typer.echo("hint: Seed a new database, before anything else is in it.", err=True)
        raise typer.Exit(1) from None
    finally:
        await database.dispose()
    return True
