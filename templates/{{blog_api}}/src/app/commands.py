"""The commands of the blog, beside those that every service has."""

import asyncio
from functools import partial
from typing import Annotated

import typer

from app import demo
from app.core.cli import cli, explained, prepared
from app.core.database import Database
from app.core.seeding import seed_database, settings_for_a_demo
from app.core.settings import Settings
from app.users.models import Role
from app.users.service import set_role

__all__ = ["cli"]


@cli.command()
def seed(
    users: Annotated[int, typer.Option(min=1, max=1000)] = 8,
    articles: Annotated[int, typer.Option(min=1, max=100_000)] = 60,
) -> None:
    """Fill a new database with a demo. It is for development: everybody knows its password."""
    with explained():
        written = asyncio.run(
            seed_database(
                settings_for_a_demo(),
                is_there=demo.is_there,
                fill=partial(demo.fill, users=users, articles=articles),
                pieces=articles,
                title="Writing articles",
                in_the_way="The database has a user or an article of the demo's name.",
            )
        )
        if written:
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
