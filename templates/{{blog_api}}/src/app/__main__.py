"""The program: `python -m app --help`."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from sqlalchemy.exc import IntegrityError

from app import demo
from app.core.cli import cli, explained, prepared
from app.core.database import Database
from app.core.settings import Settings
from app.users.models import Role
from app.users.service import set_role


@cli.command()
def seed(
    users: Annotated[int, typer.Option(min=1, max=1000)] = 8,
    articles: Annotated[int, typer.Option(min=1, max=100_000)] = 60,
) -> None:
    """Fill a new database with a demo. It is for development: everybody knows its password."""
    with explained():
        settings = prepared()
        if settings.environment == "production":
            typer.echo(
                "error: The demo's password is public, so it has no place in production.", err=True
            )
            raise typer.Exit(2)
        asyncio.run(_seed(settings, users, articles))


async def _seed(settings: Settings, users: int, articles: int) -> None:
    database = Database(settings.database_url)
    # A bar where somebody watches, and nothing in a log.
    console = Console(stderr=True)
    bar = Progress(console=console, transient=True, disable=not console.is_terminal)
    try:
        async with database.session() as session:
            if await demo.is_there(session):
                typer.echo("The demo is there already. Nothing was changed.")
                return
            with bar:
                task = bar.add_task("Writing articles", total=articles)
                async for _ in demo.fill(session, users=users, articles=articles):
                    bar.advance(task)
            await session.commit()
    except IntegrityError:
        typer.echo("error: The database has a user or an article of the demo's name.", err=True)
        typer.echo("hint: Seed a new database, before anything else is in it.", err=True)
        raise typer.Exit(1) from None
    finally:
        await database.dispose()
    typer.echo(f"Made {users} users and {articles} articles. Sign in with:")
    typer.echo(f"  {demo.EMAIL}  {demo.PASSWORD}")


@cli.command()
def role(username: str, role: Role) -> None:
    """Make a user a moderator, or an ordinary user again."""
    with explained():
        asyncio.run(_set_role(prepared(), username, role))


async def _set_role(settings: Settings, username: str, role: Role) -> None:
    database = Database(settings.database_url)
    try:
        async with database.session() as session:
            found = await set_role(session, username, role)
            await session.commit()
    finally:
        await database.dispose()
    if not found:
        typer.echo(f"error: There is no user named {username}.", err=True)
        raise typer.Exit(1)
    typer.echo(f"{username} is now: {role}")


if __name__ == "__main__":
    cli()
